using System.Collections.Immutable;
using static ScyllaBot.Sandbox.Clusters.CqlTable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>system_schema: keyspaces with their replication, tables, views (facts/scylla.md 2.1, 3.2).</summary>
internal static class CqlSchemaTables
{
    /// <summary>No simulated table has a view.</summary>
    public static CqlTable Views { get; } = new(["keyspace_name", "view_name", "base_table_name"], []);

    public static CqlTable Keyspaces(SimCluster cluster) => new(
        ["keyspace_name", "durable_writes", "replication"],
        [.. cluster.Keyspaces.Select(ks => (ImmutableArray<string>)[Quote(ks.Name), "true", Replication(cluster, ks)])]);

    public static CqlTable Tables(SimCluster cluster) => new(
        ["keyspace_name", "table_name"],
        [.. cluster.Keyspaces.SelectMany(ks => ks.Tables.Select(t => (ImmutableArray<string>)[Quote(ks.Name), Quote(t.Name)]))]);

    /// <summary>Every simulated table has the same two.</summary>
    public static CqlTable Columns(SimCluster cluster) => new(
        ["keyspace_name", "table_name", "column_name", "kind", "type"],
        [.. cluster.Keyspaces.SelectMany(ks => ks.Tables.SelectMany(t => (ImmutableArray<ImmutableArray<string>>)
        [
            [Quote(ks.Name), Quote(t.Name), Quote("id"), Quote("partition_key"), Quote("bigint")],
            [Quote(ks.Name), Quote(t.Name), Quote("body"), Quote("regular"), Quote("text")],
        ]))]);

    private static string Replication(SimCluster cluster, Keyspace keyspace) => keyspace.Strategy switch
    {
        Strategy.Simple => Options("SimpleStrategy", ("replication_factor", keyspace.Rf)),
        Strategy.NetworkTopology => Options("NetworkTopologyStrategy", [.. cluster.Nodes.Select(node => node.Id.Dc).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(dc => (dc, keyspace.Rf))]),
        _ => Options("LocalStrategy"),
    };

    private static string Options(string type, params (string Name, int Value)[] options) =>
        $"{{\"class\": \"org.apache.cassandra.locator.{type}\"{string.Concat(options.Select(option => $", \"{option.Name}\": \"{option.Value}\""))}}}";
}
