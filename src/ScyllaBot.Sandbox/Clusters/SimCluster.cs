using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One simulated cluster: its nodes, what they think of each other, and its data placement. Used inside the agenda only.</summary>
internal sealed class SimCluster
{
    private readonly SandboxWorld _world;
    private readonly TokenRing _ring;
    private readonly Dictionary<string, ImmutableArray<ReplicaRange>> _ranges = new(StringComparer.Ordinal);

    public SimCluster(ClusterPlan plan, SandboxWorld world)
    {
        _world = world;
        Name = plan.Name;
        Keyspaces = plan.Keyspaces;
        _ring = new TokenRing(plan.Nodes);
        SchemaVersion = Dice.Uuid(Name + "/schema");
        Nodes = [.. plan.Nodes.Select(id => new SimNode(id, this))];
        Gossip = new Gossip(this);
        Raft = new RaftGroup(this);
        Tasks = new TaskBook(this);
        Services = SimServices.Of(this);
    }

    public string Name { get; }

    public ImmutableArray<SimNode> Nodes { get; }

    public ImmutableArray<Keyspace> Keyspaces { get; }

    public Gossip Gossip { get; }

    public RaftGroup Raft { get; }

    public TaskBook Tasks { get; }

    /// <summary>What stands beside the nodes: Prometheus, Alertmanager, Manager, salt-api.</summary>
    public ImmutableArray<ISimService> Services { get; }

    public Guid SchemaVersion { get; }

    /// <summary>Tablet balancing, cluster-wide and persistent (facts/scylla.md 1.18). Found on.</summary>
    public bool Balancing { get; private set; } = true;

    /// <summary>With PasswordAuthenticator: who may log in. Null = AllowAllAuthenticator.</summary>
    public CqlLogin? CqlLogin { get; set; }

    public Agenda Agenda => _world.Agenda;

    public Dice Dice => _world.Dice;

    public FaultBox Faults => _world.Faults;

    public ImmutableArray<long> Tokens => _ring.Tokens;

    public SimNode? ByAddress(string address) =>
        Nodes.FirstOrDefault(node => string.Equals(node.Id.Address, address, StringComparison.Ordinal));

    public Keyspace? Keyspace(string name) =>
        Keyspaces.FirstOrDefault(keyspace => string.Equals(keyspace.Name, name, StringComparison.Ordinal));

    /// <summary>Every range of a vnode keyspace, or of one tablet table.</summary>
    public ImmutableArray<ReplicaRange> Ranges(Keyspace keyspace, Table? table)
    {
        var key = keyspace.UsesTablets ? $"{keyspace.Name}.{table!.Name}" : keyspace.Name;
        if (!_ranges.TryGetValue(key, out var ranges))
        {
            ranges = keyspace.UsesTablets ? TabletRanges(table!) : _ring.Ranges(keyspace);
            _ranges.Add(key, ranges);
        }

        return ranges;
    }

    /// <summary>`POST /storage_service/tablets/balancing`.</summary>
    public void SetBalancing(bool on, SimNode askedOf, Cause cause)
    {
        if (on != Balancing)
        {
            Balancing = on;
            Record(askedOf, on ? "balancing-on" : "balancing-off", cause);
            _world.Changed(askedOf);
        }
    }

    public void Record(SimNode node, string kind, Cause cause) => _world.Record(node, kind, cause);

    public void NodeChanged(SimNode node)
    {
        Raft.Look();
        _world.Changed(node);
    }

    public void ViewChanged(SimNode subject) => _world.Changed(subject);

    private static ImmutableArray<ReplicaRange> TabletRanges(Table table)
    {
        var tablets = table.Tablets;
        return
        [
            .. tablets.Select((tablet, i) => new ReplicaRange(
                i == 0 ? null : tablets[i - 1].LastToken,
                i == tablets.Length - 1 ? null : tablet.LastToken,
                tablet.Replicas)),
        ];
    }
}
