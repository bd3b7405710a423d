using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>A keyspace (and for tablets one of its tables) with its ranges and the replication it was given.</summary>
/// <param name="Table">Null for vnode keyspaces: their ranges are the same for all tables.</param>
/// <param name="ReplicationFactors">Datacenter → RF as CQL says; null = unknown, then a range's own replicas are counted (facts 3.4).</param>
public sealed record ReplicatedRing(
    string Keyspace, string? Table, ImmutableArray<RingRange> Ranges, ImmutableSortedDictionary<string, int>? ReplicationFactors)
{
    /// <summary>RF over all datacenters, where the strategy knows no other (SimpleStrategy); null = none was given.</summary>
    public int? TotalFactor { get; init; }
}

/// <summary>Which nodes may be down together? Answered from real replica sets (decision 10); pure once read.</summary>
public sealed class Availability
{
    private readonly Cluster _cluster;
    private readonly ImmutableArray<ReplicatedRing> _rings;
    private readonly ImmutableSortedSet<Guid>? _voters;
    private readonly DateTimeOffset _at;

    public Availability(Cluster cluster, ImmutableArray<ReplicatedRing> rings, ImmutableSortedSet<Guid>? voters, DateTimeOffset at)
    {
        if (rings.IsEmpty)
        {
            // "Empty list treated as safe" is a classic way to lose a quorum (facts 3.5.9).
            throw new UnrecoverableException($"{cluster.Name}: no keyspace could be read; an unreadable topology is refused");
        }

        (_cluster, _rings, _voters, _at) = (cluster, rings, voters, at);
    }

    /// <summary>Without CQL facts the replication factors are inferred and the raft voters unknown: one node at a time (R25).</summary>
    public bool IsDegraded => _voters is not { Count: > 0 } || _rings.Any(r => r.ReplicationFactors is null);

    /// <summary>How many ranges and tablets the answer rests on.</summary>
    public int RangeCount => _rings.Sum(r => r.Ranges.Length);

    public ImmutableArray<ReplicatedRing> Rings => _rings;

    /// <summary>Reads the facts the answer needs, from a node that serves.</summary>
    public static Task<Availability> ReadAsync(ClusterContext context, ClusterSnapshot snapshot, CancellationToken ct) =>
        AvailabilityReader.ReadAsync(
            context.Cluster, snapshot, context.Http, context.Commands, (context as NodeContext)?.Node, ct);

    /// <returns>Null when every range keeps its quorum with all of <paramref name="down"/> down; otherwise the first that would not.</returns>
    public string? WhyNot(ImmutableSortedSet<string> down)
    {
        if (IsDegraded && down.Count > 1)
        {
            return $"degraded proof (no CQL facts): one node at a time, but {string.Join(", ", down)} would be down together (R25)";
        }

        foreach (var ring in _rings.Where(r => !IsExempt(r.Keyspace)))
        {
            if (ring.Ranges.IsEmpty)
            {
                return $"{NameOf(ring)} tells no range: nothing is proved about it";
            }

            foreach (var range in ring.Ranges)
            {
                if ((WhyIncomplete(ring, range) ?? WhyNot(ring, range, down)) is { } why)
                {
                    return why;
                }
            }
        }

        return WhyVotersNot(down);
    }

    /// <summary>Raft needs a majority of its voters, apart from any data (facts 3.3 step 7).</summary>
    public string? WhyVotersNot(ImmutableSortedSet<string> down)
    {
        if (_voters is not { Count: > 0 } voters)
        {
            return null;
        }

        var lost = _cluster.Nodes.Where(n => down.Contains(n.Name) && voters.Contains(n.HostId)).Select(n => n.Name).ToArray();
        return (voters.Count - lost.Length) * 2 > voters.Count
            ? null
            : $"raft would lose its majority: {lost.Length} of {voters.Count} voters down ({string.Join(", ", lost)})";
    }

    private bool IsExempt(string keyspace) => _cluster.Exemptions.Any(e =>
        string.Equals(e.Keyspace, keyspace, StringComparison.Ordinal) && (e.Until is not { } until || until > _at));

    private string? WhyNot(ReplicatedRing ring, RingRange range, ImmutableSortedSet<string> down)
    {
        foreach (var dc in range.Replicas.GroupBy(r => r.Datacenter, StringComparer.Ordinal))
        {
            if (ring.ReplicationFactors is null && dc.Count() >= _cluster.Nodes.Count(n => n.Zone.Datacenter == dc.Key))
            {
                return $"degraded proof (no CQL facts): every node of {dc.Key} is a replica of {ring.Keyspace}, so its RF may be larger than what is seen (R25)";
            }

            var needed = Needed(ring, range, dc.Key, dc.Count());
            var lost = dc.Select(r => _cluster.FindByAddress(r.Address)?.Name ?? r.Address).Where(n => down.Contains(n) || _cluster.Find(n) is null).ToArray();
            if (dc.Count() - lost.Length < needed)
            {
                return $"{NameOf(ring)}: range ({range.Start}, {range.End}] would keep {dc.Count() - lost.Length} of {dc.Count()} replicas in {dc.Key}, "
                    + $"LOCAL_QUORUM needs {needed}; down: {string.Join(", ", lost)}";
            }
        }

        return null;
    }

    private static string NameOf(ReplicatedRing ring) => ring.Table is null ? ring.Keyspace : $"{ring.Keyspace}.{ring.Table}";

    /// <summary>A range that names fewer places than its replication asks for proves nothing (facts 3.5.9).</summary>
    private static string? WhyIncomplete(ReplicatedRing ring, RingRange range)
    {
        if (range.Replicas.IsEmpty)
        {
            return $"{NameOf(ring)}: range ({range.Start}, {range.End}] names no replica";
        }

        var missing = ring.ReplicationFactors?.Where(f => f.Value > 0 && range.Replicas.All(r => r.Datacenter != f.Key)).Select(f => f.Key).FirstOrDefault();
        return missing is null ? null : $"{NameOf(ring)}: range ({range.Start}, {range.End}] names no replica in {missing}, where its RF is {ring.ReplicationFactors![missing]}";
    }

    /// <summary>Live replicas that LOCAL_QUORUM needs in one datacenter (facts 3.1, 3.3 step 6).</summary>
    private static int Needed(ReplicatedRing ring, RingRange range, string dc, int replicas) => ring.ReplicationFactors switch
    {
        null => (replicas / 2) + 1,
        // Replicas beyond the RF are pending ones: while data moves each raises what a write needs.
        var factors when factors.TryGetValue(dc, out var rf) => (rf / 2) + 1 + Math.Max(0, replicas - rf),
        // No RF per datacenter: a quorum of all replicas, of which only the local ones count.
        _ => (Math.Max(range.Replicas.Length, ring.TotalFactor ?? 0) / 2) + 1,
    };
}
