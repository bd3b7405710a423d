using System.Collections.Immutable;
using System.Globalization;
using ScyllaBot.Sandbox.Http;
using static ScyllaBot.Sandbox.Clusters.CqlTable;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>system.topology, its requests, and the balancer's loads (facts/scylla.md 2.1). Static columns repeat in every row.</summary>
internal static class CqlTopologyTables
{
    /// <summary>Bytes, of every node: as found they are a quarter full.</summary>
    public const long Capacity = 2_000_000_000_000;

    public static CqlTable Topology(SimCluster cluster) => new(
        ["key", "host_id", "datacenter", "rack", "node_state", "cleanup_status", "tablet_balancing_enabled", "transition_state"],
        [.. cluster.Nodes.Select(node => Row(cluster, node))]);

    public static CqlTable Requests(SimCluster cluster) => new(
        ["id", "initiating_host", "request_type", "start_time", "done", "error", "end_time"],
        [.. cluster.Topology.Requests.Select(Request)]);

    public static CqlTable Loads(SimCluster cluster) => new(
        ["node", "dc", "rack", "ip", "up", "draining", "excluded", "tablets_allocated", "storage_capacity", "storage_load", "storage_utilization"],
        [.. cluster.Nodes.Where(node => node.OwnsTokens).Select(node => Load(cluster, node))]);

    private static ImmutableArray<string> Row(SimCluster cluster, SimNode node) =>
    [
        Quote("topology"), Quote(node.Id.HostId.ToString()), Quote(node.Id.Dc), Quote(node.Id.Rack), Quote(Word(node.Ring)), Quote(Word(node.Cleanup)),
        Truth(cluster.Balancing), Quote(cluster.Topology.TransitionState ?? (IsMoving(cluster) ? "tablet migration" : null)),
    ];

    private static bool IsMoving(SimCluster cluster) =>
        cluster.Keyspaces.Any(keyspace => keyspace.Tables.Any(table => table.Tablets.Any(tablet => !tablet.NewReplicas.IsEmpty)));

    private static ImmutableArray<string> Request(TopologyRequest request) =>
    [
        Quote(request.Id.ToString()), Quote(request.Initiator.Id.HostId.ToString()), Quote(request.Type), Time(request.Start), Truth(request.Done),
        Quote(request.Error), Time(request.End),
    ];

    private static ImmutableArray<string> Load(SimCluster cluster, SimNode node)
    {
        var load = (long)StateRoutes.Load(node);
        return
        [
            Quote(node.Id.HostId.ToString()), Quote(node.Id.Dc), Quote(node.Id.Rack), Quote(node.Id.Address), Truth(node.Hears), Truth(node.IsDraining),
            Truth(node.IsExcluded), $"{cluster.Tablets.CountOn(node)}", $"{Capacity}", $"{load}",
            ((double)load / Capacity).ToString("R", CultureInfo.InvariantCulture),
        ];
    }

    private static string Word<T>(T state)
        where T : struct, Enum => state.ToString().ToLowerInvariant();

    private static string Time(DateTimeOffset? at) =>
        at is { } time ? Quote(time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)) : Null;
}
