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

    [Description("Keyspaces that may lose their quorum (R22)")]
    public IReadOnlyList<ExemptionEntry>? Exemptions { get; init; }

    [Description("Its machines"), MinLength(1)]
    public required IReadOnlyList<NodeEntry> Nodes { get; init; }

    public Cluster ToCluster() => new(Name, Environment, Mode, [.. Nodes.Select(n => n.ToNode())])
    {
        Exemptions = Exemptions is null ? Cluster.DefaultExemptions : [.. Exemptions.Select(e => new Exemption(e.Keyspace, e.Reason, e.By, e.Until))],
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

    [Description("Scylla's own identity of it")]
    public required Guid HostId { get; init; }

    [Description("Datacenter as the ring says")]
    public required string Dc { get; init; }

    [Description("Rack as the ring says")]
    public required string Rack { get; init; }

    [Description("Base address of Scylla's REST API")]
    public required Uri Api { get; init; }

    [Description("Address of its Prometheus text")]
    public required Uri Metrics { get; init; }

    [Description("Simulated command channel; the sandbox only")]
    public Uri? Commands { get; init; }

    public Node ToNode() => new(Name, Address, HostId, new Zone(Dc, Rack)) { Api = Api, Metrics = Metrics, Commands = Commands };
}
