using System.Text.Json;
using ScyllaBot.Core.Clients;

namespace ScyllaBot.Core.Clusters;

/// <summary>Tablets as <c>system.tablets</c> places them, those in motion with where they go.</summary>
internal sealed class CqlTablets
{
    private readonly ImmutableSortedDictionary<(string Keyspace, string Table), ImmutableArray<Tablet>> _tables;

    private CqlTablets(ImmutableSortedDictionary<(string Keyspace, string Table), ImmutableArray<Tablet>> tables) => _tables = tables;

    public static CqlTablets Of(IEnumerable<JsonElement> rows) => new(rows
        .Where(r => r.GetProperty("last_token").ValueKind == JsonValueKind.Number)
        .GroupBy(r => (r.GetProperty("keyspace_name").GetString()!, r.GetProperty("table_name").GetString()!))
        .ToImmutableSortedDictionary(g => g.Key, g => g.Select(TabletOf).OrderBy(t => t.Last).ToImmutableArray(), new Ordinal()));

    /// <summary>First tablet of a table from <c>""</c>, last one to <c>""</c>, as <c>describe_ring</c> shows them; null = the table has none of its own.</summary>
    public ImmutableArray<RingRange>? RangesOf(Cluster cluster, string keyspace, string table) => !_tables.TryGetValue((keyspace, table), out var tablets) ? null :
    [
        .. tablets.Select((t, i) => new RingRange(
            i == 0 ? "" : Token(tablets[i - 1].Last), i == tablets.Length - 1 ? "" : Token(t.Last), [.. t.Replicas.Select(r => ReplicaOf(cluster, r))])
        {
            // While it moves, those it goes to are pending (facts 3.3 step 5).
            Pending = [.. t.New.Except(t.Replicas).Select(r => ReplicaOf(cluster, r))],
        }),
    ];

    private static string Token(long token) => token.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Tablet TabletOf(JsonElement row) =>
        new(row.GetProperty("last_token").GetInt64(), HostsIn(row.GetProperty("replicas")), HostsIn(row.GetProperty("new_replicas")));

    /// <summary>A list of (host, shard); two shards of one host are one replica.</summary>
    private static ImmutableArray<Guid> HostsIn(JsonElement list) =>
        list.ValueKind != JsonValueKind.Array ? [] : [.. list.EnumerateArray().Select(r => r[0].GetGuid()).Distinct()];

    private static RingReplica ReplicaOf(Cluster cluster, Guid host) => cluster.Nodes.FirstOrDefault(n => n.HostId == host) is { } node
        ? new RingReplica(node.Address, node.Zone.Datacenter, node.Zone.Rack) : new RingReplica(host.ToString(), "", "");

    private sealed record Tablet(long Last, ImmutableArray<Guid> Replicas, ImmutableArray<Guid> New);

    private sealed class Ordinal : IComparer<(string Keyspace, string Table)>
    {
        public int Compare((string Keyspace, string Table) x, (string Keyspace, string Table) y) =>
            string.CompareOrdinal(x.Keyspace, y.Keyspace) is var first && first != 0 ? first : string.CompareOrdinal(x.Table, y.Table);
    }
}
