namespace ScyllaBot.Core.Clusters;

/// <summary>(datacenter, rack) as the ring says (R24), never a node's name.</summary>
public readonly record struct Zone(string Datacenter, string Rack) : IComparable<Zone>
{
    public int CompareTo(Zone other) =>
        string.CompareOrdinal(Datacenter, other.Datacenter) is var dc && dc != 0 ? dc : string.CompareOrdinal(Rack, other.Rack);

    public static bool operator <(Zone left, Zone right) => left.CompareTo(right) < 0;

    public static bool operator >(Zone left, Zone right) => left.CompareTo(right) > 0;

    public static bool operator <=(Zone left, Zone right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Zone left, Zone right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"{Datacenter}/{Rack}";
}

/// <summary>One machine of a cluster. Two nodes are the same when their host ids are.</summary>
/// <param name="Name">Host name, unique in the inventory.</param>
/// <param name="Address">What its peers call it (ip).</param>
/// <param name="HostId">Scylla's own identity of it; empty: it has none yet, for it has never been in the ring.</param>
/// <param name="Zone">Where the ring says it is, or is to say.</param>
public sealed record Node(string Name, string Address, Guid HostId, Zone Zone)
{
    /// <summary>Base address of Scylla's REST API.</summary>
    public required Uri Api { get; init; }

    /// <summary>Prometheus text.</summary>
    public required Uri Metrics { get; init; }

    /// <summary>It has an identity. One that has none is no member of the ring: nobody misses it, and its own word counts for nothing.</summary>
    public bool IsInRing => HostId != Guid.Empty;

    /// <summary>How it is reached; null for simulated nodes, which have a door of their own.</summary>
    public NodeAccess? Access { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = NoLabels;

    /// <summary>What fails together beyond racks: nodes that share one are treated as one zone (R24); null = the rack alone.</summary>
    public string? FailureDomain { get; init; }

    internal static ImmutableSortedDictionary<string, string> NoLabels { get; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The simulated command channel. Only the sandbox has one; null otherwise.</summary>
    public Uri? Commands { get; init; }

    public override string ToString() => Name;
}

/// <summary>What a cluster is for; decides who must approve what.</summary>
public enum ClusterEnvironment
{
    Sandbox,
    Staging,
    Production,
}

/// <summary>What the bot may do to a cluster (R29).</summary>
public enum ClusterMode
{
    Observe,
    Step,
    Run,
}

/// <summary>A keyspace that may lose its quorum, and who said so (R22).</summary>
public sealed record Exemption(string Keyspace, string Reason, string By, DateTimeOffset? Until);

/// <summary>One Scylla cluster as the inventory tells it.</summary>
public sealed record Cluster(string Name, ClusterEnvironment Environment, ClusterMode Mode, ImmutableArray<Node> Nodes)
{
    /// <value>Default: <c>system_traces</c> (R22).</value>
    public ImmutableArray<Exemption> Exemptions { get; init; } = DefaultExemptions;

    public AvailabilityPolicy Policy { get; init; } = AvailabilityPolicy.Default;

    /// <summary>Clusters of one group are never disrupted together (R18); null = none.</summary>
    public string? ExclusiveGroup { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Node.NoLabels;

    /// <summary>Destructive operations that are off until they stand here: <c>wipe-data</c>, <c>tear-down</c>, <c>remove-node</c>, <c>shadow-cluster</c>, <c>run-command</c>.</summary>
    public ImmutableSortedSet<string> Enables { get; init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>Whom its jobs call and when; null = as the bot's settings have it.</summary>
    public ClusterCalls? Calls { get; init; }

    /// <summary>Who approves jobs on this cluster (R16); null = as its environment says.</summary>
    public Jobs.ApprovalRule? Approvals { get; init; }

    public ServiceEndpoint? Prometheus { get; init; }

    public ServiceEndpoint? Alertmanager { get; init; }

    public ManagerEndpoint? Manager { get; init; }

    /// <summary>Null: <c>salt-call</c> on the node.</summary>
    public SaltEndpoint? Salt { get; init; }

    public AnsibleRunner? Ansible { get; init; }

    public CqlAccess Cql { get; init; } = new();

    /// <summary>How a job looks after it (R6); null = as the host does.</summary>
    public Jobs.GuardSettings? Guards { get; init; }

    /// <summary>What makes and destroys its machines; null = people do.</summary>
    public ProvisionerProgram? Provisioner { get; init; }

    /// <summary>The service that writes to it and to its source, and compares their answers.</summary>
    public ServiceEndpoint? DataService { get; init; }

    /// <summary>Traces are diagnostics: a keyspace of RF 2 that every cluster has and nobody's data is in (R22).</summary>
    public static ImmutableArray<Exemption> DefaultExemptions { get; } = [new("system_traces", "traces may be lost", "default", null)];

    /// <summary>Nodes with an identity: those the ring has, or had.</summary>
    public IEnumerable<Node> Members => Nodes.Where(n => n.IsInRing);

    /// <summary>Not one of its nodes has an identity: there is no ring yet.</summary>
    public bool IsUnborn => !Nodes.Any(n => n.IsInRing);

    /// <summary>The same cluster with the identities that are known; itself where they are those it has.</summary>
    public Cluster With(Func<Node, Guid> identityOf) => Nodes.All(n => identityOf(n) == n.HostId)
        ? this : this with { Nodes = [.. Nodes.Select(n => n with { HostId = identityOf(n) })] };

    public Node? Find(string name) => Nodes.FirstOrDefault(n => string.Equals(n.Name, name, StringComparison.Ordinal));

    public Node? FindByAddress(string address) => Nodes.FirstOrDefault(n => string.Equals(n.Address, address, StringComparison.Ordinal));
}

/// <summary>Every cluster this bot knows.</summary>
public sealed record Inventory(ImmutableArray<Cluster> Clusters)
{
    public static Inventory Empty { get; } = new(ImmutableArray<Cluster>.Empty);

    public Cluster? Find(string name) => Clusters.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));
}
