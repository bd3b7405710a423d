using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>All that is simulated: clusters, waiting faults, and who listens. All access goes through <see cref="Agenda"/>.</summary>
internal sealed class SandboxWorld : IDisposable
{
    private readonly List<IWorldObserver> _observers = [];
    private int _effects;

    public SandboxWorld(TimeProvider time, long seed, Func<Dice, ImmutableArray<ClusterPlan>> plans, double pace = 1)
    {
        Time = time;
        Agenda = new Agenda(time);
        Dice = new Dice(seed, pace);
        Faults = new FaultBox((what, fault, node) => _observers.ForEach(observer => observer.FaultTold(what, fault, node)));
        Clusters = [.. plans(Dice).Select(plan => new SimCluster(plan, this))];
        Nodes = [.. Clusters.SelectMany(cluster => cluster.Machines), .. Clusters.Select(cluster => cluster.Runner).OfType<SimNode>()];
    }

    public TimeProvider Time { get; }

    public Agenda Agenda { get; }

    public Dice Dice { get; }

    public FaultBox Faults { get; }

    public ImmutableArray<SimCluster> Clusters { get; }

    /// <summary>Every machine, members and spares, and those that provisioners run on.</summary>
    public ImmutableArray<SimNode> Nodes { get; }

    /// <summary>Grows with every change: a cheap "anything new?".</summary>
    public long Version { get; private set; }

    public SimNode? Node(string name) => Nodes.FirstOrDefault(node => string.Equals(node.Id.Name, name, StringComparison.Ordinal));

    public SimCluster? Cluster(string name) => Clusters.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));

    /// <summary>Observers are told inside the agenda, in the order they came.</summary>
    public void Watch(IWorldObserver observer) => _observers.Add(observer);

    public void Changed(SimNode node)
    {
        Version++;
        _observers.ForEach(observer => observer.NodeChanged(node));
    }

    public void Record(SimNode node, string kind, Cause cause)
    {
        Version++;
        var effect = new Effect(Agenda.Now, ++_effects, node.Id.Cluster, node.Id.Name, kind, cause.Step, cause.Receipt);
        _observers.ForEach(observer => observer.EffectRecorded(effect));
    }

    /// <summary>Arms a fault. node-dies bites at once where it finds a serving node, in a seeded order when none is named.</summary>
    public Fault Arm(FaultKind kind, SimCluster cluster, string? node, int count, TimeSpan length)
    {
        var fault = Faults.Add(kind, cluster.Name, node, count, length);
        if (kind == FaultKind.NodeDies)
        {
            foreach (var victim in cluster.Nodes.OrderBy(n => Dice.Unit($"victim/{fault.Id}/{n.Id.Name}")))
            {
                victim.DieIfDoomed();
            }
        }

        return fault;
    }

    /// <summary>Lifts all faults: hung drains go on, stuck compactions and lagging views recover. A dead node stays dead.</summary>
    public int LiftFaults()
    {
        var lifted = Faults.Lift();
        foreach (var node in Nodes)
        {
            node.ReleaseDrain();
            node.Compactions.Unstick(Agenda.Now);
        }

        foreach (var cluster in Clusters)
        {
            cluster.Gossip.LiftLag();
        }

        return lifted;
    }

    public void Dispose() => Agenda.Dispose();
}
