namespace ScyllaBot.Core.Clusters;

/// <summary>How many replicas must answer (facts 3.1).</summary>
public enum ConsistencyLevel
{
    One,
    Two,
    Three,
    Quorum,
    All,
    LocalOne,
    LocalQuorum,
    EachQuorum,
    Serial,
    LocalSerial,
}

/// <summary>What a cluster's clients count on (R22).</summary>
public sealed record AvailabilityPolicy
{
    public static AvailabilityPolicy Default { get; } = new();

    /// <value>Default LOCAL_QUORUM and LOCAL_SERIAL.</value>
    public ImmutableArray<ConsistencyLevel> Levels { get; init; } = [ConsistencyLevel.LocalQuorum, ConsistencyLevel.LocalSerial];

    /// <summary>Keyspace → its own levels instead.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<ConsistencyLevel>> Overrides { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<ConsistencyLevel>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Datacenters without clients: local levels are not judged there.</summary>
    public ImmutableSortedSet<string> NotServing { get; init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    public ImmutableArray<ConsistencyLevel> LevelsOf(string keyspace) => Overrides.GetValueOrDefault(keyspace, Levels);
}
