using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>Live replicas that one level needs in one place, before data in motion is counted.</summary>
/// <param name="Level">The strictest level that counts there.</param>
/// <param name="Datacenter">Null = all datacenters together.</param>
internal sealed record Need(ConsistencyLevel Level, string? Datacenter, int Count);

/// <summary>What the ranges of one ring need, from its replication and the policy (facts 3.1).</summary>
internal sealed class RingNeeds
{
    private readonly Replication _replication;
    private readonly ImmutableArray<string> _datacenters;

    private RingNeeds(Replication replication, ImmutableArray<string> datacenters, int total, ImmutableArray<Need> needs) =>
        (_replication, _datacenters, Total, Needs) = (replication, datacenters, total, needs);

    /// <summary>RF over all datacenters.</summary>
    public int Total { get; }

    /// <summary>One for each place, the strictest; empty = no level is judged.</summary>
    public ImmutableArray<Need> Needs { get; }

    public static int Quorum(int factor) => (factor / 2) + 1;

    /// <param name="replication">Known or inferred.</param>
    /// <param name="largest">Replicas of the ring's largest range: the RF of EverywhereStrategy.</param>
    /// <param name="levels">Those of the keyspace.</param>
    /// <param name="datacenters">All there are.</param>
    /// <param name="serving">Those with clients.</param>
    public static RingNeeds Of(
        Replication replication, int largest, ImmutableArray<ConsistencyLevel> levels, ImmutableArray<string> datacenters, ImmutableArray<string> serving)
    {
        var total = replication.Strategy switch
        {
            ReplicationStrategy.NetworkTopology => replication.PerDatacenter.Values.Sum(),
            ReplicationStrategy.Simple => replication.Total,
            _ => largest,
        };
        var needs = new List<Need>();
        foreach (var level in levels)
        {
            if (level.IsLocal() || level == ConsistencyLevel.EachQuorum)
            {
                needs.AddRange((level.IsLocal() ? serving : datacenters).Select(dc => new Need(level, dc, Local(replication, total, level, dc))));
            }
            else
            {
                needs.Add(new Need(level, null, Over(total, level)));
            }
        }

        return new RingNeeds(replication, datacenters, total, [.. needs.GroupBy(n => n.Datacenter, StringComparer.Ordinal).Select(g => g.MaxBy(n => n.Count)!)]);
    }

    /// <summary>By how much data in motion raises a need in one range. Replicas beyond the RF are pending ones too, whether or not they were told as such.</summary>
    public int PendingFor(Need need, RingRange range) => (need.Datacenter, _replication.Strategy) switch
    {
        ({ } dc, _) => PendingIn(dc, range),
        (null, ReplicationStrategy.NetworkTopology) => _datacenters.Sum(dc => PendingIn(dc, range)),
        _ => Math.Max(range.Pending.Length, BeyondTotal(range)),
    };

    private int PendingIn(string datacenter, RingRange range)
    {
        var pending = CountIn(range.Pending, datacenter);
        return _replication.Strategy == ReplicationStrategy.NetworkTopology
            ? Math.Max(pending, pending + CountIn(range.Replicas, datacenter) - _replication.PerDatacenter.GetValueOrDefault(datacenter))
            : Math.Max(pending, BeyondTotal(range));
    }

    private int BeyondTotal(RingRange range) =>
        _replication.Strategy == ReplicationStrategy.Simple ? range.Replicas.Length + range.Pending.Length - Total : 0;

    private static int CountIn(ImmutableArray<RingReplica> replicas, string dc)
    {
        var count = 0;
        foreach (var replica in replicas)
        {
            count += string.Equals(replica.Datacenter, dc, StringComparison.Ordinal) ? 1 : 0;
        }

        return count;
    }

    private static int Local(Replication replication, int total, ConsistencyLevel level, string datacenter) => level switch
    {
        ConsistencyLevel.LocalOne => 1,
        // No RF per datacenter: a quorum of all, of which only the local replicas count.
        _ => Quorum(replication.Strategy == ReplicationStrategy.NetworkTopology ? replication.PerDatacenter.GetValueOrDefault(datacenter) : total),
    };

    private static int Over(int total, ConsistencyLevel level) => level switch
    {
        ConsistencyLevel.One => 1,
        ConsistencyLevel.Two => 2,
        ConsistencyLevel.Three => 3,
        ConsistencyLevel.All => total,
        ConsistencyLevel.Quorum or ConsistencyLevel.Serial => Quorum(total),
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, null),
    };
}
