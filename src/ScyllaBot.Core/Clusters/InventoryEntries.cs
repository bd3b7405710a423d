using System.Globalization;

namespace ScyllaBot.Core.Clusters;

/// <summary>The inventory as the file spells it; turned into the domain's own records once it is whole.</summary>
internal sealed record InventoryEntry
{
    [Description("Every cluster this bot knows"), MinLength(1)]
    public required IReadOnlyList<ClusterEntry> Clusters { get; init; }
}

internal sealed record ClusterEntry
{
    [Description("What people call it"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Name { get; init; }

    [Description("What it is for; decides who must approve what")]
    public required ClusterEnvironment Environment { get; init; }

    /// <value>Default observe (R29).</value>
    [Description("What the bot may do to it")]
    public ClusterMode Mode { get; init; } = ClusterMode.Observe;

    [Description("What carries calls to its nodes")]
    public NodeTransport Transport { get; init; } = NodeTransport.Ssh;

    [Description("How its nodes are logged in to")]
    public SshEntry Ssh { get; init; } = new();

    [Description("Its Scylla Manager agents, for transport agent")]
    public AgentEntry Agent { get; init; } = new();

    [Description("Which consistency levels its clients count on (R22)")]
    public PolicyEntry? Policy { get; init; }

    [Description("Keyspaces that may lose their quorum (R22)")]
    public IReadOnlyList<ExemptionEntry>? Exemptions { get; init; }

    [Description("Clusters of one group are never disrupted together (R18)"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public string? ExclusiveGroup { get; init; }

    [Description("Whatever tells clusters apart")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Destructive operations that may be used here"), RegularExpression("wipe-data|tear-down|remove-node|decommission|exclude-node|shadow-cluster|run-command|http-request:[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|http-secret:[A-Za-z0-9.-]{1,253}:(env:[A-Za-z0-9_]{1,250}|file:/[^\\x00-\\x20]{1,1000})")]
    public IReadOnlyList<string>? Enables { get; init; }

    [Description("When whom its jobs call, and what they do while the chat is lost (R7, R9)")]
    public CallsEntry? Calls { get; init; }

    [Description("Who approves jobs on it (R16)")]
    public ApprovalsEntry? Approvals { get; init; }

    [Description("Where its metrics are kept")]
    public ServiceEntry? Prometheus { get; init; }

    [Description("Where its alerts are silenced")]
    public ServiceEntry? Alertmanager { get; init; }

    [Description("Its Scylla Manager")]
    public ManagerEntry? Manager { get; init; }

    [Description("Its salt-api; without one, salt-call runs on the node")]
    public SaltEntry? Salt { get; init; }

    [Description("Where ansible-playbook runs")]
    public AnsibleEntry? Ansible { get; init; }

    [Description("What makes and destroys its machines (docs/shadow-cluster.md)")]
    public ProvisionerEntry? Provisioner { get; init; }

    [Description("The service that writes to two clusters and compares their answers (docs/shadow-cluster.md)")]
    public DataServiceEntry? DataService { get; init; }

    [Description("Credentials for cqlsh on a node")]
    public CqlEntry? Cql { get; init; }

    [Description("How a job looks after it while it runs (R6)")]
    public GuardsEntry? Guards { get; init; }

    [Description("Its machines"), MinLength(1)]
    public required IReadOnlyList<NodeEntry> Nodes { get; init; }

    public Cluster ToCluster() => new(Name, Environment, Mode, [.. Nodes.Select(n => n.ToNode(this))])
    {
        Policy = Policy?.ToPolicy() ?? AvailabilityPolicy.Default,
        Exemptions = Exemptions is null ? Cluster.DefaultExemptions : [.. Exemptions.Select(e => new Exemption(e.Keyspace, e.Reason, e.By, e.Until))],
        ExclusiveGroup = ExclusiveGroup,
        Labels = NodeEntry.LabelsOf(Labels),
        Enables = (Enables ?? []).ToImmutableSortedSet(StringComparer.Ordinal),
        Calls = Calls?.ToCalls(),
        Approvals = Approvals?.ToRule(),
        Prometheus = Prometheus?.ToEndpoint(),
        Alertmanager = Alertmanager?.ToEndpoint(),
        Manager = Manager is { } m ? new ManagerEndpoint(ServiceEntry.Folder(m.Url), m.Cluster ?? Name) : null,
        Salt = Salt is { } s ? new SaltEndpoint(ServiceEntry.Folder(s.Url), s.Username, s.Password, s.Eauth) : null,
        Ansible = Ansible is { } a ? new AnsibleRunner(a.Runner, a.Directory, a.Inventory) : null,
        Provisioner = Provisioner?.ToProgram(),
        DataService = DataService?.ToEndpoint(),
        Guards = Guards?.ToSettings(),
        Cql = new CqlAccess(Cql?.Username, Cql?.Password),
    };
}

internal sealed record ExemptionEntry
{
    [Description("Which keyspace")]
    public required string Keyspace { get; init; }

    [Description("Why its loss does not matter")]
    public required string Reason { get; init; }

    [Description("Who said so")]
    public required string By { get; init; }

    [Description("When it ends")]
    public DateTimeOffset? Until { get; init; }
}

internal sealed record NodeEntry
{
    [Description("Host name"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,252}")]
    public required string Name { get; init; }

    [Description("What its peers call it (ip)"), RegularExpression("[0-9A-Fa-f:.]{2,45}")]
    public required string Address { get; init; }

    /// <value>Default none: a machine that is to join, or is to found the cluster.</value>
    [Description("Scylla's own identity of it; left out as long as it is not in the ring")]
    public Guid? HostId { get; init; }

    [Description("Datacenter as the ring says")]
    public required string Dc { get; init; }

    [Description("Rack as the ring says")]
    public required string Rack { get; init; }

    /// <value>Default: by transport, <c>http://127.0.0.1:10000</c> as seen from the node, its address, or its agent.</value>
    [Description("Base address of Scylla's REST API, as seen from where the transport ends")]
    public Uri? Api { get; init; }

    /// <value>Default: port 9180 of its address; the agent's own path for transport agent.</value>
    [Description("Address of its Prometheus text")]
    public Uri? Metrics { get; init; }

    [Description("What ssh is asked for; the node's name when it is not given"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}")]
    public string? SshHost { get; init; }

    [Description("Whatever tells nodes apart")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("What fails together beyond racks (R24)"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public string? FailureDomain { get; init; }

    [Description("Simulated command channel; the sandbox only")]
    public Uri? Commands { get; init; }

    public Node ToNode(ClusterEntry cluster)
    {
        var host = Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]" : Address;
        var agent = string.Create(CultureInfo.InvariantCulture, $"https://{host}:{cluster.Agent.Port}/");
        return new Node(Name, Address, HostId ?? Guid.Empty, new Zone(Dc, Rack))
        {
            Api = Api ?? new Uri(cluster.Transport switch
            {
                NodeTransport.Direct => $"http://{host}:10000/",
                NodeTransport.Agent => agent,
                _ => "http://127.0.0.1:10000/",
            }),
            Metrics = Metrics ?? new Uri(cluster.Transport == NodeTransport.Agent ? agent + "metrics" : $"http://{host}:9180/metrics"),
            Commands = Commands,
            Labels = LabelsOf(Labels),
            FailureDomain = FailureDomain,
            Access = Commands is not null ? null : new NodeAccess
            {
                Transport = cluster.Transport, SshHost = SshHost ?? Name, Ssh = cluster.Ssh.ToOptions(), Agent = cluster.Agent.ToOptions(),
            },
        };
    }

    internal static ImmutableSortedDictionary<string, string> LabelsOf(IReadOnlyDictionary<string, string>? labels) =>
        labels is null ? Node.NoLabels : labels.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
