using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Tests.Peers;

/// <summary>Three processes' worth of nodes on one manual clock, each in a world of its own, joined by wires that can be cut.</summary>
internal sealed class PeerBed : IDisposable
{
    public static readonly ImmutableArray<Member> Members =
        [new("one", "10.0.9.1", "east", "a"), new("two", "10.0.9.2", "east", "b"), new("three", "10.0.9.3", "east", "c")];

    private readonly Dictionary<string, Machine> _machines = new(StringComparer.Ordinal);

    public ManualTime Time { get; } = new(TestBed.Epoch);

    /// <summary>Names whose wire is cut, both ways.</summary>
    public HashSet<string> Unplugged { get; } = new(StringComparer.Ordinal);

    public SimNode this[string name] => _machines[name].Node;

    /// <summary>A new process on the machine; what it does not remember is lost.</summary>
    public void Boot(string name, long generation = 0, bool clean = true)
    {
        if (_machines.Remove(name, out var old))
        {
            old.World.Dispose();
        }

        _machines[name] = new Machine(this, name, generation, clean);
    }

    /// <summary>The process is gone without a word.</summary>
    public (long Generation, bool Clean) Cut(string name)
    {
        _machines.Remove(name, out var machine);
        machine!.World.Dispose();
        return (machine.Node.Generation, machine.Node.IsCommitLogClean);
    }

    public void BootAll()
    {
        foreach (var member in Members)
        {
            Boot(member.Name);
        }

        Advance(40);
    }

    public void Drain(string name) => _machines[name].World.Agenda.Run(() =>
    {
        _ = _machines[name].Node.DrainAsync(Cause.Nobody);
    });

    public void Terminate(string name) => _machines[name].World.Agenda.Run(_machines[name].Node.Terminate);

    /// <summary>In steps: continuations of one step run before the next.</summary>
    public void Advance(double seconds)
    {
        for (var passed = 0.0; passed < seconds; passed += 0.25)
        {
            Time.Advance(0.25);
        }
    }

    /// <summary>Who is UP as <paramref name="name"/>'s own process sees it.</summary>
    public string Up(string name) => _machines[name].World.Agenda.Run(() => string.Join(
        ' ', _machines[name].Node.Cluster.Nodes.Where(node => node.Cluster.Gossip.SeesUp(_machines[name].Node, node)).Select(node => node.Id.Name)));

    public void Dispose()
    {
        foreach (var machine in _machines.Values)
        {
            machine.World.Dispose();
        }
    }

    private sealed class Machine : IPeerWire
    {
        private readonly PeerBed _bed;
        private readonly PeerWatch _watch;

        public Machine(PeerBed bed, string name, long generation, bool clean)
        {
            _bed = bed;
            World = new SandboxWorld(bed.Time, 7, dice => [ClusterPlan.Of("bed", Members, dice)]);
            Node = World.Node(name)!;
            _watch = World.Agenda.Run(() =>
            {
                foreach (var other in Node.Cluster.Nodes.Where(other => other != Node))
                {
                    Node.Cluster.Gossip.Set(Node, other, up: false);
                    other.BeginAbsent(0, isCommitLogClean: true);
                }

                Node.BeginAbsent(generation, clean);
                Node.Cluster.Raft.IsFixed = true;
                return new PeerWatch(Node, World, this, TimeSpan.FromSeconds(20));
            });
            World.Agenda.Run(Node.StartProcess);
        }

        public SandboxWorld World { get; }

        public SimNode Node { get; }

        public Task<PeerState?> AskAsync(string peer) => Task.FromResult(
            Reach(peer) is { } machine ? machine.World.Agenda.Run(() => PeerState.Of(machine.Node)) : null);

        public Task TellAsync(string peer, PeerLeave leave)
        {
            if (Reach(peer) is { } machine)
            {
                machine.World.Agenda.Run(() => machine._watch.Heard(leave));
            }

            return Task.CompletedTask;
        }

        private Machine? Reach(string peer) => _bed.Unplugged.Contains(peer) || _bed.Unplugged.Contains(Node.Id.Name)
            ? null : _bed._machines.GetValueOrDefault(peer);
    }
}
