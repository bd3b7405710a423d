using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters;

internal enum Strategy
{
    Local,
    Simple,
    NetworkTopology,
}

/// <summary>A keyspace. <paramref name="Rf"/> is per DC for NetworkTopologyStrategy and the total for SimpleStrategy.</summary>
internal sealed record Keyspace(string Name, Strategy Strategy, int Rf, ImmutableArray<Table> Tables)
{
    /// <summary>Tablets or vnodes: one or the other for the whole keyspace.</summary>
    public bool UsesTablets => Tables.Any(table => !table.Tablets.IsEmpty);

    public bool IsSystem => Name.StartsWith("system", StringComparison.Ordinal);
}

/// <summary><paramref name="Tablets"/> is empty for a table of a vnode keyspace, else in token order.</summary>
internal sealed record Table(string Name, ImmutableArray<Tablet> Tablets)
{
    public static Table OfVnodes(string name) => new(name, []);
}

/// <summary><paramref name="LastToken"/> is inclusive; the last tablet of a table ends at the end of the ring.</summary>
internal sealed record Tablet(long LastToken, ImmutableArray<NodeIdentity> Replicas)
{
    /// <summary>Where it will be once it has moved; empty while it rests.</summary>
    public ImmutableArray<NodeIdentity> NewReplicas { get; init; } = [];

    /// <summary>How far it has moved, such as <c>streaming</c>; null while it rests.</summary>
    public string? Stage { get; init; }

    /// <summary>`migration` or `rebuild`; null while it rests.</summary>
    public string? Transition { get; init; }
}

/// <summary>
/// One replicated range: from <paramref name="Start"/> (exclusive) to <paramref name="End"/> (inclusive); null at the outer ends of a
/// tablet table, and Start ≥ End where a vnode range wraps.
/// </summary>
internal sealed record ReplicaRange(long? Start, long? End, ImmutableArray<NodeIdentity> Replicas)
{
    /// <summary>Take writes already and raise what a write needs (facts/scylla.md 3.1).</summary>
    public ImmutableArray<NodeIdentity> Pending { get; init; } = [];

    public override string ToString() => $"({Start},{End}]";
}
