using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>Replication read off the ranges, where CQL can not be asked (facts 3.4).</summary>
internal static class InferredReplication
{
    /// <summary>
    /// The most replicas seen in each datacenter. Where the ranges differ in that, no factor per datacenter was given: then it is one factor
    /// for all, and each datacenter's clients need a quorum of it.
    /// </summary>
    public static Replication Of(ReplicatedRing ring, ImmutableArray<string> datacenters)
    {
        var factors = datacenters.Select(dc => (Datacenter: dc, Counts: ring.Ranges.Select(r => CountIn(r, dc)).DefaultIfEmpty().ToArray())).ToArray();
        return factors.Any(f => f.Counts.Min() != f.Counts.Max())
            ? Replication.Simple(ring.Ranges.Max(r => r.Replicas.Length))
            : Replication.Network(factors.Select(f => (f.Datacenter, f.Counts.Max())));
    }

    /// <summary>A ring with no node beside a range's replicas does not tell its RF: it may be larger, and so the true quorum (R25).</summary>
    public static string? WhyNot(Cluster cluster, ReplicatedRing ring, Replication inferred)
    {
        if (inferred.Strategy == ReplicationStrategy.Simple)
        {
            return inferred.Total >= cluster.Members.Count() ? $"degraded proof (no CQL facts): every node is a replica of {ring.Keyspace}, so its RF may be larger than what is seen (R25)" : null;
        }

        var full = inferred.PerDatacenter.Where(f => f.Value > 0 && f.Value >= cluster.Members.Count(n => n.Zone.Datacenter == f.Key)).Select(f => f.Key).FirstOrDefault();
        return full is null
            ? null : $"degraded proof (no CQL facts): every node of {full} is a replica of {ring.Keyspace}, so its RF may be larger than what is seen (R25)";
    }

    private static int CountIn(RingRange range, string dc) => range.Replicas.Count(r => string.Equals(r.Datacenter, dc, StringComparison.Ordinal));
}
