using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>One simulated cluster: its nodes, what they think of each other, and its data placement. Used inside the agenda only.</summary>
internal sealed class SimCluster
{
    private readonly SandboxWorld _world;
    private readonly Dictionary<string, ImmutableArray<ReplicaRange>> _ranges = new(StringComparer.Ordinal);
    private TokenRing _ring;
    private TokenRing? _next;
    private Dictionary<Guid, int> _shares = [];
    private Dictionary<Guid, int> _found = [];
    private int _sharesAt;

    public SimCluster(ClusterPlan plan, SandboxWorld world)
    {
        _world = world;
        Name = plan.Name;
        Keyspaces = plan.Keyspaces;
        _ring = new TokenRing(plan.Nodes);
        SchemaVersion = Dice.Uuid(Name + "/schema");
        Seeds = plan.Nodes.IsEmpty ? plan.Spares[0].Address : string.Join(',', plan.Nodes.Take(3).Select(node => node.Address));
        Machines = [.. plan.Nodes.Select(id => new SimNode(id, this)), .. plan.Spares.Select(id => new SimNode(id, this, isSpare: true))];
        Nodes = [.. Machines.Where(node => node.IsMember)];
        Gossip = new Gossip(this);
        Raft = new RaftGroup(this);
        Tasks = new TaskBook(this);
        Tablets = new TabletMoves(this);
        Topology = new Topology(this);
        Traffic = new Traffic(this);
        Runner = plan.ShadowOf is null ? null : new SimNode(SimProvisioner.HostOf(plan.Name), this, isSpare: true);
        Services = SimNeighbours.Of(this, plan.ShadowOf);
        if (plan.ShadowOf is not null)
        {
            SimProvisioner.Begin(this);
        }
    }

    public string Name { get; }

    /// <summary>Members and spares.</summary>
    public ImmutableArray<SimNode> Machines { get; }

    /// <summary>Whoever is in the topology and has not left: joining and dead nodes too.</summary>
    public ImmutableArray<SimNode> Nodes { get; private set; }

    /// <summary>Where the provisioner of a shadow cluster runs: no machine of the cluster's. Null: it has none.</summary>
    public SimNode? Runner { get; }

    public SandboxWorld World => _world;

    /// <summary>With their tablets where they are now.</summary>
    public ImmutableArray<Keyspace> Keyspaces { get; private set; }

    public Topology Topology { get; }

    public TabletMoves Tablets { get; }

    /// <summary>Grows whenever a replica is somewhere else than before, or pending.</summary>
    public int Placement { get; private set; }

    /// <summary>`allowed_repair_based_node_ops`: node operations repair instead of streaming, and then neither LEAVING nor a stream is seen.</summary>
    public bool RepairBasedOperations { get; set; }

    /// <summary>As releases without that refusal: a cleanup begins while the ring changes, and drops what streams to its node (facts/scylla.md 1.13).</summary>
    public bool CleansUpInChanges { get; set; }

    /// <summary>Natural replicas lie on these.</summary>
    public ImmutableArray<SimNode> Owners => [.. Nodes.Where(node => node.OwnsTokens)];

    /// <summary>What each node's scylla.yaml names as seeds.</summary>
    public string Seeds { get; }

    public Gossip Gossip { get; }

    public RaftGroup Raft { get; }

    public TaskBook Tasks { get; }

    /// <summary>What clients ask of it.</summary>
    public Traffic Traffic { get; }

    /// <summary>What stands beside the nodes: Prometheus, Alertmanager, Manager, salt-api.</summary>
    public ImmutableArray<ISimNeighbour> Services { get; }

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

    /// <summary>The same for writes: split at every token of the ring to come, with the replicas that only take writes yet.</summary>
    public ImmutableArray<ReplicaRange> WriteRanges(Keyspace keyspace, Table? table) =>
        keyspace.UsesTablets || _next is null ? Ranges(keyspace, table) : _ring.Towards(_next, keyspace);

    /// <summary>Replicas on the node now against those it was found with; 1 until something moves, for a new one against the average.</summary>
    public double ShareOf(SimNode node)
    {
        if (Placement == 0)
        {
            return 1;
        }

        if (_sharesAt != Placement)
        {
            (_shares, _sharesAt) = (Shares(), Placement);
        }

        var average = (double)_found.Values.Sum() / Math.Max(1, _found.Count);
        return _shares.GetValueOrDefault(node.Id.HostId) / Math.Max(1, _found.TryGetValue(node.Id.HostId, out var found) ? found : average);
    }

    public void MembersChanged() => Nodes = [.. Machines.Where(node => node.IsMember)];

    /// <summary>The first node of a ring: all of it is its own.</summary>
    public void FoundedBy(SimNode node)
    {
        MembersChanged();
        _ring = new TokenRing([node.Id]);
        Raft.Found(node);
        Moved();
    }

    /// <summary>A machine went with its disks; with the last one the ring is gone.</summary>
    public void MemberVanished()
    {
        MembersChanged();
        if (Nodes.Length == 0 && Raft is not null)
        {
            _ring = new TokenRing([]);
            Raft.Found(null);
            Moved();
        }
    }

    /// <summary>The ring that is being streamed to; null: none is.</summary>
    public void StreamTo(IEnumerable<SimNode>? owners)
    {
        _next = owners is null ? null : new TokenRing([.. owners.Select(node => node.Id)]);
        Moved();
    }

    /// <summary>The ring that is streamed to becomes the ring.</summary>
    public void SwitchRing()
    {
        (_ring, _next) = (_next ?? _ring, null);
        Moved();
    }

    public void Replace(string keyspace, string table, int index, Tablet tablet)
    {
        Keyspaces = [.. Keyspaces.Select(ks => !string.Equals(ks.Name, keyspace, StringComparison.Ordinal) ? ks : ks with
        {
            Tables = [.. ks.Tables.Select(t => string.Equals(t.Name, table, StringComparison.Ordinal)
                ? t with { Tablets = t.Tablets.SetItem(index, tablet) }
                : t)],
        })];
        Moved();
    }

    /// <summary>`POST /storage_service/tablets/balancing`; off is in force when the migrations that run have ended.</summary>
    public void SetBalancing(bool on, SimNode askedOf, Cause cause)
    {
        if (on != Balancing)
        {
            Balancing = on;
            Record(askedOf, on ? "balancing-on" : "balancing-off", cause);
            _world.Changed(askedOf);
            Tablets.Look();
        }
    }

    public void Record(SimNode node, string kind, Cause cause) => _world.Record(node, kind, cause);

    public void NodeChanged(SimNode node)
    {
        Raft.Look();
        Traffic.Look();
        _world.Changed(node);
    }

    public void ViewChanged(SimNode subject) => _world.Changed(subject);

    /// <summary>Ranges and tablets that each host has.</summary>
    private Dictionary<Guid, int> Shares() => Keyspaces.Where(keyspace => keyspace.Strategy != Strategy.Local)
        .SelectMany(keyspace => keyspace.UsesTablets ? keyspace.Tables.SelectMany(table => Ranges(keyspace, table)) : Ranges(keyspace, null))
        .SelectMany(range => range.Replicas).CountBy(replica => replica.HostId).ToDictionary();

    private void Moved()
    {
        if (Placement == 0)
        {
            _found = Shares();
        }

        _ranges.Clear();
        Placement++;
        _world.Changed(Machines[0]);
    }

    private static ImmutableArray<ReplicaRange> TabletRanges(Table table)
    {
        var tablets = table.Tablets;
        return
        [
            .. tablets.Select((tablet, i) => new ReplicaRange(
                i == 0 ? null : tablets[i - 1].LastToken,
                i == tablets.Length - 1 ? null : tablet.LastToken,
                tablet.Replicas)
            {
                Pending = [.. tablet.NewReplicas.Where(replica => !tablet.Replicas.Contains(replica))],
            }),
        ];
    }
}
