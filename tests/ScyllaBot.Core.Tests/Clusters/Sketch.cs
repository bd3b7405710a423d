using System.Collections.Immutable;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>Clusters and rings in a few letters: node b1 is in rack b, racks x to z in dc2, all others in dc1.</summary>
internal static class Sketch
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);

    public static Cluster Six { get; } = Cluster(("dc1", "b", 2), ("dc1", "c", 2), ("dc1", "d", 2));

    /// <summary>Three nodes of three racks in each of two datacenters.</summary>
    public static Cluster Two { get; } = Cluster(("dc1", "b", 1), ("dc1", "c", 1), ("dc1", "d", 1), ("dc2", "x", 1), ("dc2", "y", 1), ("dc2", "z", 1));

    public static Availability Of(Cluster cluster, params ImmutableArray<ReplicatedRing> rings) => new(cluster, Facts(cluster, rings));

    /// <summary>All CQL tells; every node votes, one more than can be down in most tests.</summary>
    public static AvailabilityFacts Facts(Cluster cluster, params ImmutableArray<ReplicatedRing> rings) =>
        new(rings, Now) { Voters = [cluster.Nodes[^1].HostId], Balancing = TabletBalancing.OffAndQuiet };

    public static AvailabilityFacts WithoutCql(Cluster cluster, params ImmutableArray<ReplicatedRing> rings) =>
        new([.. rings.Select(r => r with { Replication = null })], Now) { WhyNoCql = "cqlsh: command not found" };

    public static Cluster Cluster(params (string Dc, string Rack, int Nodes)[] racks) => new("six", ClusterEnvironment.Staging, ClusterMode.Run,
        [.. racks.SelectMany(r => Enumerable.Range(1, r.Nodes).Select(i => Node($"{r.Rack}{i}", new Zone(r.Dc, r.Rack))))]);

    public static Cluster Exempt(DateTimeOffset? until) => Six with { Exemptions = [new Exemption("system_traces", "traces", "ana", until)] };

    public static Cluster Judging(this Cluster cluster, params ConsistencyLevel[] levels) =>
        cluster with { Policy = cluster.Policy with { Levels = [.. levels] } };

    public static Node Node(string name, Zone zone) => new(name, name, IdOf(name), zone)
    {
        Api = new Uri("http://127.0.0.1"), Metrics = new Uri("http://127.0.0.1"),
    };

    public static Guid IdOf(string name) => new(name[0], short.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture), 0, new byte[8]);

    public static ImmutableSortedSet<Guid> Voters(params string[] names) => [.. names.Select(IdOf)];

    public static ImmutableSortedSet<string> Down(params string[] names) => names.ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>As a sentence would list them.</summary>
    public static string List(IEnumerable<string> names) => string.Join(' ', names);

    /// <param name="keyspace">Its name.</param>
    /// <param name="rf">In dc1.</param>
    /// <param name="ranges">The replicas of each, by name, one blank between; after a + those that are to be.</param>
    public static ReplicatedRing Nts(string keyspace, int rf, params string[] ranges) => new(keyspace, null, Ranges(ranges), Replication.Network(("dc1", rf)));

    public static ReplicatedRing Nts2(string keyspace, int dc1, int dc2, params string[] ranges) =>
        new(keyspace, null, Ranges(ranges), Replication.Network(("dc1", dc1), ("dc2", dc2)));

    public static ReplicatedRing Simple(string keyspace, int rf, params string[] ranges) => new(keyspace, null, Ranges(ranges), Replication.Simple(rf));

    public static ReplicatedRing Everywhere(string keyspace, params string[] ranges) => new(keyspace, null, Ranges(ranges), Replication.Everywhere);

    public static ImmutableArray<RingRange> Ranges(params string[] ranges) => [.. ranges.Select((r, i) =>
    {
        var halves = r.Split('+');
        return new RingRange($"{i}", $"{i + 1}", Replicas(halves[0])) { Pending = halves.Length > 1 ? Replicas(halves[1]) : [] };
    })];

    private static ImmutableArray<RingReplica> Replicas(string names) => [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Replica)];

    private static RingReplica Replica(string name) => new(name, name[0] is 'x' or 'y' or 'z' ? "dc2" : "dc1", name[..1]);
}
