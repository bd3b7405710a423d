namespace ScyllaBot.Core.Clusters;

/// <summary>What makes a ring prove nothing: never "no ranges, so safe" (facts 3.5, 8 and 9).</summary>
internal static class RingTrouble
{
    public static string? Of(Cluster cluster, ReplicatedRing ring, Replication replication, RingNeeds needs)
    {
        if (replication.Strategy == ReplicationStrategy.Unreadable)
        {
            return $"{ring.Keyspace}: its replication is not understood ({replication.Text}): nothing is proved about it";
        }

        if (ring.Ranges.IsEmpty)
        {
            return $"{ring.Name} tells no range: nothing is proved about it";
        }

        if (needs.Needs.IsEmpty)
        {
            return $"{ring.Keyspace}: the policy of {cluster.Name} names no consistency level to be judged where clients are: nothing is proved about it; an exemption would say so openly";
        }

        foreach (var range in ring.Ranges)
        {
            if (range.Replicas.IsEmpty)
            {
                return $"{ring.Name}: range ({range.Start}, {range.End}] names no replica";
            }

            foreach (var (dc, factor) in replication.PerDatacenter)
            {
                if (factor > 0 && !range.Replicas.Any(r => string.Equals(r.Datacenter, dc, StringComparison.Ordinal)))
                {
                    return $"{ring.Name}: range ({range.Start}, {range.End}] names no replica in {dc}, where its RF is {factor}";
                }
            }
        }

        return null;
    }
}
