using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>What a node says of itself (facts/scylla.md 1.5).</summary>
internal static class StateRoutes
{
    /// <summary>What every node runs before anybody upgrades it.</summary>
    public const string Version = PackageStore.ScyllaFound;

    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/system/uptime_ms", StartPhase.RestListening, Uptime),
        Post("/system/log", StartPhase.RestListening, Log),
        Get("/snitch/name", StartPhase.RestListening, _ => RestAnswer.Json("org.apache.cassandra.locator.GoogleCloudSnitch")),
        Get("/snitch/datacenter", StartPhase.TokensKnown, call => RestAnswer.Json(Host(call)?.Id.Dc ?? "UNKNOWN_DC")),
        Get("/snitch/rack", StartPhase.TokensKnown, call => RestAnswer.Json(Host(call)?.Id.Rack ?? "UNKNOWN_RACK")),
        Get("/storage_service/hostid/local", StartPhase.TokensKnown, call => RestAnswer.Json(call.Node.Id.HostId.ToString())),
        Get("/storage_service/operation_mode", StartPhase.Joining, call => RestAnswer.Json(call.Node.Mode.ToString()!.ToUpperInvariant())),
        Get("/storage_service/is_starting", StartPhase.Joining, call => RestAnswer.Json(call.Node.Mode == OperationMode.Starting)),
        Get("/storage_service/is_initialized", StartPhase.Joining, Initialized),
        Get("/storage_service/join_ring", StartPhase.Joining, call => RestAnswer.Json(call.Node.Mode >= OperationMode.Joining)),
        Get("/storage_service/gossiping", StartPhase.Joining, call => RestAnswer.Json(call.Node.Gossiping)),
        Get("/storage_service/native_transport", StartPhase.Serving, call => RestAnswer.Json(call.Node.Cql)),
        Get("/storage_service/rpc_server", StartPhase.Joining, _ => RestAnswer.Json(false)),
        Get("/storage_service/generation_number", StartPhase.Joining, call => RestAnswer.Json(call.Node.Generation)),
        Get("/storage_service/scylla_release_version", StartPhase.Joining, call => RestAnswer.Json(call.Node.Machine.RunningVersion)),
        Get("/storage_service/release_version", StartPhase.Joining, _ => RestAnswer.Json("3.0.8")),
        Get("/storage_service/schema_version", StartPhase.Joining, call => RestAnswer.Json(call.Cluster.SchemaVersion.ToString())),
        Get("/storage_service/cluster_name", StartPhase.Joining, call => RestAnswer.Json(call.Cluster.Name)),
        Get("/storage_service/partitioner_name", StartPhase.Joining, _ => RestAnswer.Json("org.apache.cassandra.dht.Murmur3Partitioner")),
        Get("/storage_service/load", StartPhase.TablesLoaded, call => RestAnswer.Number(Load(call.Node))),
        Get("/storage_service/metrics/load", StartPhase.TablesLoaded, call => RestAnswer.Json((long)Load(call.Node))),
        Get("/storage_service/load_map", StartPhase.Serving, LoadMap),
        Get("/storage_service/data_file/locations", StartPhase.Joining, _ => RestAnswer.Json(new[] { "/var/lib/scylla/data" })),
        Get("/storage_service/commitlog", StartPhase.Joining, _ => RestAnswer.Json("/var/lib/scylla/commitlog")),
    ];

    /// <summary>Bytes of disk in use: they follow the share of all replicas that lies on the node.</summary>
    public static double Load(SimNode node) =>
        Math.Round(node.Cluster.Dice.Between(node.Id.Name + "/load", 4e5, 6e5).TotalSeconds * 1e6 * node.Cluster.ShareOf(node));

    private static RestAnswer Uptime(NodeCall call) => RestAnswer.Json((long)(call.Now - call.Node.ProcessStart).TotalMilliseconds);

    private static SimNode? Host(NodeCall call) => call.Ask("host") is { } address ? call.Cluster.ByAddress(address) : call.Node;

    private static RestAnswer Initialized(NodeCall call) =>
        RestAnswer.Json(call.Node.Mode != OperationMode.Normal || call.Node.Gossiping);

    private static RestAnswer LoadMap(NodeCall call) => RestAnswer.Json(call.Cluster.Nodes
        .Where(peer => call.Cluster.Gossip.SeesUp(call.Node, peer))
        .Select(peer => new Pair(peer.Id.Address, Load(peer))));

    /// <summary>A line in the journal nobody reads back; the parameters are checked as Scylla does.</summary>
    private static RestAnswer Log(NodeCall call)
    {
        if ((call.Ask("message") is null ? "message" : call.Ask("level") is null ? "level" : null) is { } missing)
        {
            return RestAnswer.Error(400, $"Missing mandatory parameter '{missing}'");
        }

        return call.Ask("level") is "error" or "warn" or "info" or "debug" or "trace"
            ? RestAnswer.Void
            : RestAnswer.Error(400, $"Unknown level {call.Ask("level")}");
    }
}
