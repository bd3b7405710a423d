using System.Collections.Immutable;
using static ScyllaBot.Sandbox.Clusters.CqlTable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>system.tablets (facts/scylla.md 2.1): a row for each tablet; a replica is (host id, shard).</summary>
internal static class CqlTabletTables
{
    public static CqlTable Tablets(SimCluster cluster) => new(
        ["keyspace_name", "table_name", "last_token", "replicas", "new_replicas", "stage", "transition"],
        [
            .. cluster.Keyspaces.SelectMany(keyspace => keyspace.Tables.SelectMany(table => table.Tablets.Select(tablet => Row(keyspace, table, tablet)))),
        ]);

    private static ImmutableArray<string> Row(Keyspace keyspace, Table table, Tablet tablet) =>
    [
        Quote(keyspace.Name), Quote(table.Name), $"{tablet.LastToken}", Replicas(tablet.Replicas),
        tablet.NewReplicas.IsEmpty ? Null : Replicas(tablet.NewReplicas), Quote(tablet.Stage), Quote(tablet.Transition),
    ];

    private static string Replicas(ImmutableArray<NodeIdentity> nodes) => $"[{string.Join(", ", nodes.Select(node => $"[\"{node.HostId}\", 0]"))}]";
}
