using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>Whether tablets may start to move by themselves.</summary>
public enum TabletBalancing
{
    /// <summary>Nobody could tell.</summary>
    Unknown,

    On,

    /// <summary>Off, and nothing that had begun is still moving.</summary>
    OffAndQuiet,
}

/// <summary>A keyspace, and for tablets one of its tables, with its ranges and the replication it was given.</summary>
/// <param name="Keyspace">Its name.</param>
/// <param name="Table">Null for vnode keyspaces: their ranges are the same for all tables.</param>
/// <param name="Ranges">In the order told; each with its replicas, and those that are to be.</param>
/// <param name="Replication">As CQL says; null = unknown, then it is inferred from the ranges (facts 3.4).</param>
public sealed record ReplicatedRing(string Keyspace, string? Table, ImmutableArray<RingRange> Ranges, Replication? Replication)
{
    public string Name => Table is null ? Keyspace : $"{Keyspace}.{Table}";
}

/// <summary>What <see cref="Availability"/> judges by, apart from who is down: that is never kept with it.</summary>
/// <param name="Rings">Of every keyspace that is not node-local.</param>
/// <param name="At">When it was read: exemptions end by it.</param>
public sealed record AvailabilityFacts(ImmutableArray<ReplicatedRing> Rings, DateTimeOffset At)
{
    /// <summary>Host ids of group0's voters; null or empty = unknown.</summary>
    public ImmutableSortedSet<Guid>? Voters { get; init; }

    /// <summary>Why replicas are not where they will stay: somebody joins, leaves, or the topology is in the middle of a change. Null = nobody moves.</summary>
    public string? Moving { get; init; }

    public TabletBalancing Balancing { get; init; }

    /// <summary>Why there are no CQL facts; null = there are.</summary>
    public string? WhyNoCql { get; init; }

    /// <summary>What makes the proof impossible besides, such as a keyspace that only one of two sources knows; null = nothing.</summary>
    public string? Doubt { get; init; }
}
