using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Control;

/// <param name="InRing">How many of its nodes have an identity.</param>
/// <param name="OpenDebts">How much is owed there.</param>
public sealed record ClusterLine(
    string Name, ClusterEnvironment Environment, ClusterMode Mode, int Nodes, int InRing, ImmutableArray<ZoneLine> Zones, ImmutableArray<JobLine> OpenJobs,
    int OpenDebts);

public sealed record ZoneLine(string Zone, int Nodes);

public sealed record ClusterList(ImmutableArray<ClusterLine> Clusters, string? FleetHalt);

/// <param name="HostId">Null: not in the ring yet.</param>
/// <param name="Joined">It is in the ring and the inventory does not say so: its host id should be added there.</param>
public sealed record ClusterNode(string Name, string Address, string? HostId, string Zone, string? FailureDomain, bool Joined);

/// <param name="Policy">Which levels clients count on, a sentence each (R22).</param>
/// <param name="Exemptions">Keyspaces that may lose their quorum, a sentence each.</param>
public sealed record ClusterView(
    ClusterLine Cluster, ImmutableArray<ClusterNode> Nodes, ImmutableArray<string> Policy, ImmutableArray<string> Exemptions, ImmutableArray<DebtLine> Debts);

/// <summary>Everyone's view.</summary>
/// <param name="Text">Of fixed width: a row for who looks, a column for who is looked at.</param>
/// <param name="Down">Down in anybody's view.</param>
public sealed record MatrixAnswer(string Cluster, DateTimeOffset At, string Text, ImmutableArray<MatrixRow> Rows, ImmutableArray<string> Down);

/// <summary>One node's word about itself and the others.</summary>
/// <param name="Mode">Null: it does not tell.</param>
/// <param name="SeesDown">Null: it does not tell.</param>
public sealed record MatrixRow(string Node, string? Mode, bool? Cql, bool Serves, ImmutableArray<string>? SeesDown, double? UptimeSeconds);

/// <summary>May these nodes be down together, now?</summary>
/// <param name="Why">Null when they may; otherwise what would be lost.</param>
/// <param name="Down">Down already in anybody's view, and counted.</param>
/// <param name="Largest">The most of them that may be down together now.</param>
/// <param name="LargestIsProved">False: a larger choice may exist.</param>
/// <param name="Degraded">Judged without CQL: one node at a time (R25).</param>
/// <param name="Ranges">How many ranges and tablets the answer rests on.</param>
public sealed record SafeAnswer(
    string Cluster, ImmutableArray<string> Nodes, bool Safe, string? Why, ImmutableArray<string> Down, ImmutableArray<string> Largest, bool LargestIsProved,
    bool Degraded, int Ranges, ImmutableArray<string> Policy);
