using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Keyspaces, tokens and replicas (facts/scylla.md 1.5, 1.8).</summary>
internal static class RingRoutes
{
    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/storage_service/keyspaces", StartPhase.TablesLoaded, Keyspaces),
        Get("/storage_service/tokens", StartPhase.TokensKnown, call => RestAnswer.Json(call.Node.OwnsTokens ? Text(call.Node.Id.Tokens) : [])),
        Get("/storage_service/tokens/{endpoint}", StartPhase.TokensKnown, Tokens),
        Get("/storage_service/tokens_endpoint", StartPhase.TokensKnown, TokenOwners),
        Get("/storage_service/describe_ring/{keyspace}", StartPhase.TablesLoaded, call => Ranges(call, "table", DescribeRing)),
        Get("/storage_service/range_to_endpoint_map/{keyspace}", StartPhase.TablesLoaded, call => Ranges(call, "cf", RangeMap)),
    ];

    private static IEnumerable<string> Text(IEnumerable<long> tokens) => tokens.Select(token => token.ToString());

    private static RestAnswer Keyspaces(NodeCall call)
    {
        Func<Keyspace, bool>? type = call.Ask("type") switch
        {
            null or "all" => _ => true,
            "user" => keyspace => !keyspace.IsSystem,
            "non_local_strategy" => keyspace => keyspace.Strategy != Strategy.Local,
            _ => null,
        };
        Func<Keyspace, bool>? replication = call.Ask("replication") switch
        {
            null or "all" => _ => true,
            "vnodes" => keyspace => !keyspace.UsesTablets,
            "tablets" => keyspace => keyspace.UsesTablets,
            _ => null,
        };
        if (type is null || replication is null)
        {
            return RestAnswer.Error(400, $"Unknown value {call.Ask(type is null ? "type" : "replication")}");
        }

        return RestAnswer.Json(call.Cluster.Keyspaces.Where(ks => type(ks) && replication(ks)).Select(ks => ks.Name));
    }

    /// <summary>An address of no node has no tokens: an empty list, not an error.</summary>
    private static RestAnswer Tokens(NodeCall call) =>
        RestAnswer.Json(call.Cluster.ByAddress(call.Path["endpoint"]) is { OwnsTokens: true } node ? Text(node.Id.Tokens) : []);

    private static RestAnswer TokenOwners(NodeCall call)
    {
        var keyspace = call.Ask("keyspace");
        var table = call.Ask("cf");
        if (keyspace is null != table is null)
        {
            return RestAnswer.Error(400, "Either provide both keyspace and table (for tablet table) or neither (for vnodes)");
        }

        if (keyspace is not null)
        {
            return Find(call, keyspace, table, out var ranges) ?? RestAnswer.Json(
                ranges.Select(range => new Pair((range.End ?? long.MaxValue).ToString(), range.Replicas[0].Address)));
        }

        return RestAnswer.Json(call.Cluster.Owners.SelectMany(node => node.Id.Tokens, (node, token) => (node, token))
            .OrderBy(entry => entry.token).Select(entry => new Pair(entry.token.ToString(), entry.node.Id.Address)));
    }

    private static RestAnswer Ranges(NodeCall call, string tableParameter, Func<ImmutableArray<ReplicaRange>, RestAnswer> print) =>
        Find(call, call.Path["keyspace"], call.Ask(tableParameter), out var ranges) ?? print(ranges);

    /// <summary>Null when the ranges were found, else the refusal.</summary>
    private static RestAnswer? Find(NodeCall call, string name, string? table, out ImmutableArray<ReplicaRange> ranges)
    {
        ranges = [];
        if (call.Cluster.Keyspace(name) is not { } keyspace)
        {
            return RestAnswer.Error(400, $"Can't find a keyspace {name}");
        }

        var found = table is null ? null : keyspace.Tables.FirstOrDefault(t => string.Equals(t.Name, table, StringComparison.Ordinal));
        if (table is not null && found is null)
        {
            return RestAnswer.Error(400, $"Can't find a column family {table} in keyspace {name}");
        }

        if (keyspace.UsesTablets && found is null)
        {
            return RestAnswer.RuntimeError($"The keyspace {name} has tablet table. Query describe_ring with the table parameter!");
        }

        if (keyspace.Strategy == Strategy.Local)
        {
            ranges = [new ReplicaRange(call.Cluster.Tokens[0], call.Cluster.Tokens[0], [call.Node.Id])];
            return null;
        }

        ranges = call.Cluster.Ranges(keyspace, found);
        return null;
    }

    private static RestAnswer DescribeRing(ImmutableArray<ReplicaRange> ranges) => RestAnswer.Json(ranges.Select(range => new
    {
        start_token = range.Start?.ToString() ?? "",
        end_token = range.End?.ToString() ?? "",
        endpoints = range.Replicas.Select(replica => replica.Address),
        rpc_endpoints = range.Replicas.Select(replica => replica.Address),
        endpoint_details = range.Replicas.Select(replica => new { host = replica.Address, datacenter = replica.Dc, rack = replica.Rack }),
    }));

    private static RestAnswer RangeMap(ImmutableArray<ReplicaRange> ranges) => RestAnswer.Json(ranges.Select(range => new Pair(
        new[] { range.Start?.ToString() ?? "", range.End?.ToString() ?? "" },
        range.Replicas.Select(replica => replica.Address))));
}
