using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

/// <summary>
/// Gathers what <see cref="Availability"/> judges: rings over REST; replication, tablets, voters and the state of the topology over CQL, both
/// from a node that serves. Nothing is kept between two readings, so nothing can be out of date but by the reading's own time.
/// </summary>
internal static class AvailabilityReader
{
    /// <param name="cluster">Whose ring.</param>
    /// <param name="snapshot">Who serves now: one of them is asked. Who joins or leaves is read off it too.</param>
    /// <param name="http">Port.</param>
    /// <param name="commands">Port.</param>
    /// <param name="notFrom">A node that is not asked: the subject of the question.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="balancing">What the asker knows of tablet balancing, where CQL does not tell: it may have switched it off itself.</param>
    /// <exception cref="RecoverableException">Nobody could tell.</exception>
    public static async Task<Availability> ReadAsync(
        Cluster cluster, ClusterSnapshot snapshot, IHttpExchange http, ICommandChannel commands, Node? notFrom, CancellationToken ct,
        TabletBalancing balancing = TabletBalancing.Unknown)
    {
        var witness = snapshot.Asked("tell the ring", notFrom?.Name);
        var api = new ScyllaApi(witness, http, new StepStamp("availability", "-", 0, 0));
        var (facts, whyNoCql) = await CqlFacts.ReadAsync(commands, witness, cluster.Cql, ct);
        var vnodes = await api.KeyspacesAsync(tablets: false, ct);
        var tablets = await api.KeyspacesAsync(tablets: true, ct);
        ImmutableArray<ReplicatedRing> rings =
            [.. await VnodeRingsAsync(api, vnodes, facts, ct), .. await TabletRingsAsync(cluster, api, tablets, facts, ct)];
        return new Availability(cluster, new AvailabilityFacts(rings, snapshot.At)
        {
            Voters = facts?.Voters,
            Moving = MovingIn(snapshot) ?? facts?.Topology.Moving,
            Balancing = facts is null || facts.Topology.Balancing == TabletBalancing.Unknown ? balancing : facts.Topology.Balancing,
            WhyNoCql = whyNoCql,
            Doubt = DoubtOf(facts, [.. vnodes, .. tablets]),
        });
    }

    /// <summary>Who joins or leaves, as anybody who serves sees it.</summary>
    internal static string? MovingIn(ClusterSnapshot snapshot)
    {
        var serving = snapshot.Witnesses.ToArray();
        if (!serving.Any(v => v is { Joining: not null, Leaving: not null }))
        {
            return "no node that serves tells who joins or leaves";
        }

        return serving.SelectMany(v => (v.Joining ?? []).Select(a => (v, a, What: "joining")).Concat((v.Leaving ?? []).Select(a => (v, a, What: "leaving"))))
            .Select(x => $"{x.v.Node.Name} sees {x.a} {x.What}").FirstOrDefault();
    }

    /// <summary>Keyspaces with the same options have the same replicas: they are walked off the same ring (facts 3.2), so it is asked for once.</summary>
    private static async Task<IEnumerable<ReplicatedRing>> VnodeRingsAsync(ScyllaApi api, ImmutableArray<string> keyspaces, CqlFacts? facts, CancellationToken ct)
    {
        var known = new Dictionary<string, ImmutableArray<RingRange>>(StringComparer.Ordinal);
        var rings = new List<ReplicatedRing>();
        foreach (var keyspace in keyspaces)
        {
            var replication = facts?.Replication.GetValueOrDefault(keyspace);
            if (replication is null || !known.TryGetValue(replication.Text, out var ranges))
            {
                ranges = await api.DescribeRingAsync(keyspace, null, ct);
                if (replication is not null)
                {
                    known.Add(replication.Text, ranges);
                }
            }

            rings.Add(new ReplicatedRing(keyspace, null, ranges, replication));
        }

        return rings;
    }

    /// <summary>By CQL in one scan, which also knows where tablets move to; by REST for a table that shares another one's tablets, or without CQL.</summary>
    private static async Task<IEnumerable<ReplicatedRing>> TabletRingsAsync(
        Cluster cluster, ScyllaApi api, ImmutableArray<string> keyspaces, CqlFacts? facts, CancellationToken ct)
    {
        var rings = new List<ReplicatedRing>();
        foreach (var keyspace in keyspaces)
        {
            var replication = facts?.Replication.GetValueOrDefault(keyspace);
            var tables = facts is null ? await api.TablesAsync(keyspace, ct) : facts.Tables.GetValueOrDefault(keyspace, []);
            foreach (var table in tables)
            {
                var ranges = facts?.Tablets.RangesOf(cluster, keyspace, table) ?? await api.DescribeRingAsync(keyspace, table, ct);
                rings.Add(new ReplicatedRing(keyspace, table, ranges, replication));
            }
        }

        return rings;
    }

    /// <summary>No keyspace is forgotten: what CQL knows to be replicated, REST must have listed, and the other way round (facts 3.5.11).</summary>
    private static string? DoubtOf(CqlFacts? facts, ImmutableArray<string> listed)
    {
        if (facts is null)
        {
            return null;
        }

        var replicated = facts.Replication.Where(r => r.Value.Strategy != ReplicationStrategy.Local).Select(r => r.Key).ToArray();
        var untold = replicated.Except(listed, StringComparer.Ordinal).FirstOrDefault();
        var unknown = listed.Except(replicated, StringComparer.Ordinal).FirstOrDefault();
        return untold is not null ? $"keyspace {untold} is replicated, but its ring was not told: nothing is proved about it"
            : unknown is not null ? $"keyspace {unknown} has a ring, but its replication was not told: nothing is proved about it" : null;
    }
}
