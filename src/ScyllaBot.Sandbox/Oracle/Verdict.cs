using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Oracle;

/// <summary>A range that lost a majority of its replicas, at the moment it did.</summary>
/// <param name="Kind">`quorum`: replicas do not serve. `peer-view`: they serve, but most coordinators still see them DOWN.</param>
internal sealed record Violation(
    DateTimeOffset At,
    string Kind,
    string Cluster,
    string Keyspace,
    string? Table,
    string Range,
    ImmutableArray<string> Replicas,
    ImmutableArray<string> Down);

/// <summary>The tightest any range has been: live replicas against what a quorum needs.</summary>
internal sealed record MinLive(string Cluster, string Keyspace, string? Table, string Range, int Live, int Needed, DateTimeOffset At)
{
    public int Margin() => Live - Needed;
}

/// <summary>Simulated LOCAL_QUORUM requests, one for each range at each change and every five seconds.</summary>
internal sealed record ProbeCount(long Ok, long Failed);

/// <summary>What the oracle holds to be true since the last reset.</summary>
internal sealed record Verdict(
    bool Healthy,
    ImmutableArray<string> Why,
    bool QuorumEverLost,
    bool PeerViewLost,
    bool RaftMajorityEverLost,
    MinLive? MinLive,
    bool TwoZonesEver,
    int MaxDown,
    ProbeCount Probes,
    ImmutableArray<Violation> Violations,
    int Effects);
