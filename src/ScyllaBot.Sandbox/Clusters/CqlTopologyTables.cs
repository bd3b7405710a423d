using System.Collections.Immutable;
using static ScyllaBot.Sandbox.Clusters.CqlTable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>system.topology and its requests (facts/scylla.md 2.1). Static columns repeat in every row.</summary>
internal static class CqlTopologyTables
{
    /// <summary>The simulated cluster makes no topology request yet.</summary>
    public static CqlTable Requests { get; } = new(["id", "initiating_host", "request_type", "start_time", "done", "error", "end_time"], []);

    public static CqlTable Topology(SimCluster cluster) => new(
        ["key", "host_id", "datacenter", "rack", "node_state", "cleanup_status", "tablet_balancing_enabled", "transition_state"],
        [.. cluster.Nodes.Select(node => Row(cluster, node))]);

    private static ImmutableArray<string> Row(SimCluster cluster, SimNode node) =>
    [
        Quote("topology"), Quote(node.Id.HostId.ToString()), Quote(node.Id.Dc), Quote(node.Id.Rack), Quote("normal"), Quote("clean"),
        Truth(cluster.Balancing), Quote(IsMoving(cluster) ? "tablet migration" : null),
    ];

    private static bool IsMoving(SimCluster cluster) =>
        cluster.Keyspaces.Any(keyspace => keyspace.Tables.Any(table => table.Tablets.Any(tablet => !tablet.NewReplicas.IsEmpty)));
}
