using System.Net;
using Microsoft.AspNetCore.Builder;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>
/// A process that is one node of a cluster: its start is Scylla's start, its end Scylla's end. It runs its own node for real and knows the
/// others by their heartbeats only.
/// </summary>
internal sealed class PeerHost : IWorldObserver, IAsyncDisposable
{
    private readonly PeerOptions _options;
    private readonly NodeFiles _files;
    private readonly SandboxWorld _world;
    private readonly HttpPeerWire _wire;
    private readonly PeerWatch _watch;
    private readonly NodePorts _ports;
    private readonly WebApplication _internode;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (ProcessState Process, StartPhase Phase, OperationMode? Mode) _seen;
    private bool _isTold;

    /// <summary>Nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="options">The command line's.</param>
    /// <param name="output">Takes what the node says, which systemd puts into the journal.</param>
    public PeerHost(PeerOptions options, TextWriter output)
    {
        _options = options;
        _files = new NodeFiles(options.State);
        _world = new SandboxWorld(TimeProvider.System, options.Seed, dice => [ClusterPlan.Of(options.Cluster, options.Members, dice)], options.Pace);
        Node = _world.Node(options.Name)!;
        _wire = new HttpPeerWire(options.Where ?? Usual);
        _watch = _world.Agenda.Run(() => Begin(output));
        _ports = new NodePorts(_world, Where, First);
        _internode = InternodePort.Build(options.Internode ?? new IPEndPoint(IPAddress.Parse(Node.Id.Address), HttpPeerWire.Port), Node, _watch);
    }

    public SimNode Node { get; }

    /// <summary>Of its REST API; known once started.</summary>
    public Uri Rest => new(_ports.Of(Node, metrics: false).Url);

    /// <summary>Of its internode port; known once started.</summary>
    public Uri Internode => new(_internode.Urls.First());

    /// <summary>The exit code, when the process has come to its end.</summary>
    public Task<int> Ended => _exit.Task;

    public async Task StartAsync(CancellationToken ct)
    {
        await _ports.StartAsync(ct);
        await _internode.StartAsync(ct);
        _world.Agenda.Run(() =>
        {
            // Told to end before it began.
            if (!_exit.Task.IsCompleted)
            {
                Node.StartProcess();
                _world.Record(Node, "start", Cause.Nobody);
            }
        });
    }

    /// <summary>SIGTERM; the first one counts.</summary>
    public void Terminate() => _world.Agenda.Run(() =>
    {
        if (Node.Process is ProcessState.Starting or ProcessState.Running)
        {
            _isTold = true;
            Say("Signal received; shutting down");
            Systemd.Notify("STOPPING=1");
            _world.Record(Node, "stop", Cause.Nobody);
            Node.Terminate();
        }
        else if (Node.Process == ProcessState.Stopped)
        {
            _exit.TrySetResult(0);
        }
    });

    /// <summary>SIGHUP.</summary>
    public void Reload() => _world.Agenda.Run(() =>
    {
        Node.Machine.Files.Find(MachineFiles.ScyllaYaml, File.ReadAllText(_options.Config));
        Node.Machine.Config.Reread(Cause.Nobody);
    });

    public void NodeChanged(SimNode node)
    {
        var now = (node.Process, node.Phase, node.Mode);
        if (node != Node || now == _seen)
        {
            return;
        }

        var before = _seen;
        _seen = now;
        Tell(before.Process, before.Phase);
        if (node.Process == ProcessState.Stopped)
        {
            // The configuration can stop a start: 1, and systemd does not try again.
            _exit.TrySetResult(_isTold ? 0 : 1);
        }
    }

    public void EffectRecorded(Effect effect)
    {
        // The files count them.
    }

    public void FaultTold(string what, Fault fault, string? node)
    {
        // A bed's faults are real ones.
    }

    public async ValueTask DisposeAsync()
    {
        await _internode.DisposeAsync();
        await _ports.DisposeAsync();
        _wire.Dispose();
        _world.Dispose();
    }

    private PeerWatch Begin(TextWriter output)
    {
        Node.Machine.Files.Find(MachineFiles.ScyllaYaml, File.ReadAllText(_options.Config));
        Node.Machine.Packages.Find("scylla-server", _options.Version);

        // It tells where to listen; the start reads it again and says what is wrong with it.
        Node.Machine.Config.Load();
        Node.Machine.Journal.Wrote = line =>
        {
            output.WriteLine(line);
            output.Flush();
        };
        foreach (var other in Node.Cluster.Nodes.Where(other => other != Node))
        {
            // While it still counts as found serving, for a node that hears nothing has no opinions.
            Node.Cluster.Gossip.Set(Node, other, up: false);
            other.BeginAbsent(generation: 0, isCommitLogClean: true);
        }

        var (generation, clean) = _files.Read();
        Node.BeginAbsent(generation, clean);
        Node.Cluster.Raft.IsFixed = true;
        _files.Follow(Node, _world);
        _world.Watch(this);
        return new PeerWatch(Node, _world, _wire, _options.Silence);
    }

    private void Tell(ProcessState before, StartPhase phase)
    {
        if (Node.Phase == StartPhase.RestListening && phase != StartPhase.RestListening)
        {
            Say($"Scylla API server listening on {Option("api_address")}:{Option("api_port")} ...");
        }
        else if (Node.Phase == StartPhase.Services && !Node.IsCommitLogClean && Node.Process == ProcessState.Starting)
        {
            Say("replaying commit log");
        }
        else if (Node.Process == ProcessState.Running && before == ProcessState.Starting)
        {
            // Tables are loaded; the join and CQL are still to come (facts/scylla.md 5.4).
            Say("serving");
            Systemd.Notify("READY=1");
        }
        else if (Node.Phase == StartPhase.Serving && phase != StartPhase.Serving && Node.Process == ProcessState.Running)
        {
            Say($"Scylla version {_options.Version} initialization completed.");
        }
        else if (Node.Process == ProcessState.Stopped && _isTold)
        {
            Say($"Scylla version {_options.Version} shutdown complete.");
        }
    }

    private void Say(string text) => Node.Machine.Journal.Scylla("INFO ", "init", text);

    private string Option(string name) => Node.Machine.Config.Value(name)!.Trim('"');

    private Uri Usual(string peer) => new($"http://{_world.Node(peer)!.Id.Address}:{HttpPeerWire.Port}");

    private IPEndPoint? Where(SimNode node, bool metrics)
    {
        if (node != Node)
        {
            return null;
        }

        var (address, port) = metrics ? (Option("prometheus_address"), Option("prometheus_port")) : (Option("api_address"), Option("api_port"));
        return new IPEndPoint(IPAddress.Parse(address is "" or "localhost" ? Node.Id.Address : address), int.Parse(port));
    }

    /// <summary>What one process can not simulate alone.</summary>
    private RestAnswer? First(SimNode node, string verb, string path) => (verb, path.Trim('/').Split('/')) switch
    {
        ("POST", ["storage_service", "decommission" or "remove_node" or "exclude_node" or "rebuild" or "move" or "tablets", ..]) =>
            RestAnswer.RuntimeError("a cluster of processes does not simulate changes of its topology"),
        _ => null,
    };
}
