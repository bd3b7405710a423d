using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Which tables there are.</summary>
internal static class TableRoutes
{
    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/column_family/", StartPhase.TablesLoaded, call => RestAnswer.Json(call.Cluster.Keyspaces.SelectMany(
            keyspace => keyspace.Tables.Select(table => new { ks = keyspace.Name, cf = table.Name, type = "ColumnFamilies" })))),
    ];
}
