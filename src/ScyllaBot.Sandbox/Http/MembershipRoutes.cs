using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>What a node thinks of the others (facts/scylla.md 1.6, 1.7).</summary>
internal static class MembershipRoutes
{
    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/storage_service/host_id", StartPhase.TokensKnown, HostIds),
        Get("/storage_service/nodes/joining", StartPhase.TokensKnown, call => RestAnswer.Json(In(call, RingState.Bootstrapping))),
        Get("/storage_service/nodes/leaving", StartPhase.TokensKnown, call => RestAnswer.Json(In(call, RingState.Decommissioning, RingState.Removing))),
        Get("/storage_service/nodes/moving", StartPhase.TokensKnown, _ => RestAnswer.Json(Array.Empty<string>())),
        Get("/storage_service/nodes/excluded", StartPhase.TokensKnown, call => RestAnswer.Json(
            call.Known.Where(node => node.IsExcluded).Select(node => node.Id.HostId))),
        Get("/gossiper/endpoint/live", StartPhase.TokensKnown, call => RestAnswer.Json(Addresses(call, up: true))),
        Get("/gossiper/endpoint/down", StartPhase.TokensKnown, call => RestAnswer.Json(Addresses(call, up: false))),
        Get("/gossiper/downtime/{addr}", StartPhase.TokensKnown, Downtime),
        Get("/gossiper/generation_number/{addr}", StartPhase.TokensKnown, call => Known(call, node => node.Generation)),
        Get("/gossiper/heart_beat_version/{addr}", StartPhase.TokensKnown, call => Known(call, node => HeartBeat(call, node))),
        Get("/failure_detector/simple_states", StartPhase.TokensKnown, SimpleStates),
        Get("/failure_detector/count/endpoint/up", StartPhase.TokensKnown, call => RestAnswer.Json(Seen(call, up: true).Count())),
        Get("/failure_detector/count/endpoint/down", StartPhase.TokensKnown, call => RestAnswer.Json(Seen(call, up: false).Count())),
        Get("/failure_detector/phi", StartPhase.TokensKnown, _ => RestAnswer.Json("8")),
        Get("/failure_detector/endpoints", StartPhase.TokensKnown, Endpoints),
        Get("/storage_proxy/schema_versions", StartPhase.Joining, SchemaVersions),
    ];

    private static IEnumerable<SimNode> Seen(NodeCall call, bool up) =>
        call.Known.Where(node => call.Cluster.Gossip.SeesUp(call.Node, node) == up && (up || node != call.Node));

    private static IEnumerable<string> In(NodeCall call, params RingState[] states) =>
        call.Known.Where(node => states.Contains(node.Ring)).Select(node => node.Id.Address);

    private static IEnumerable<string> Addresses(NodeCall call, bool up) => Seen(call, up).Select(node => node.Id.Address);

    private static RestAnswer HostIds(NodeCall call) => call.Node.Gossiping
        ? RestAnswer.Json(call.Known.Where(node => node.Ring != RingState.Replacing)
            .Select(node => new Pair(node.Id.Address, node.Id.HostId.ToString())))
        : RestAnswer.RuntimeError("The gossiper is not ready yet");

    private static RestAnswer Downtime(NodeCall call)
    {
        if (call.Cluster.ByAddress(call.Path["addr"]) is not { } node)
        {
            return RestAnswer.RuntimeError($"Unknown endpoint {call.Path["addr"]}");
        }

        var since = call.Cluster.Gossip.SeesUp(call.Node, node) ? null : call.Cluster.Gossip.Since(call.Node, node);
        return RestAnswer.Json(since is { } at ? (long)(call.Now - at).TotalMicroseconds : 0L);
    }

    private static RestAnswer Known(NodeCall call, Func<SimNode, long> value) => call.Cluster.ByAddress(call.Path["addr"]) is { } node
        ? RestAnswer.Json(value(node))
        : RestAnswer.RuntimeError($"Unknown endpoint {call.Path["addr"]}");

    /// <summary>Grows by one each second while the node gossips.</summary>
    private static long HeartBeat(NodeCall call, SimNode node) =>
        node.Gossiping ? Math.Max(1, (long)(call.Now - node.ProcessStart).TotalSeconds) : 0;

    private static RestAnswer SimpleStates(NodeCall call) => RestAnswer.Json(call.Known
        .Where(node => node != call.Node || call.Node.Gossiping)
        .Select(node => new Pair(node.Id.Address, call.Cluster.Gossip.SeesUp(call.Node, node) ? "UP" : "DOWN")));

    private static RestAnswer Endpoints(NodeCall call) => RestAnswer.Json(call.Known.Select(node => new
    {
        addrs = node.Id.Address,
        generation = node.Generation,
        version = HeartBeat(call, node),
        update_time = call.Now.ToUnixTimeMilliseconds(),
        is_alive = call.Cluster.Gossip.SeesUp(call.Node, node),
        application_state = ApplicationState(call, node),
    }));

    private static object[] ApplicationState(NodeCall call, SimNode node)
    {
        var up = call.Cluster.Gossip.SeesUp(call.Node, node);
        (int Number, string Value)[] states =
        [
            (0, up ? $"NORMAL,{node.Id.Tokens[0]}" : "shutdown,true"),
            (2, call.Cluster.SchemaVersion.ToString()),
            (3, node.Id.Dc),
            (4, node.Id.Rack),
            (5, "3.0.8"),
            (12, node.Id.HostId.ToString()),
            (17, node.Cql && up ? "1" : "0"),
        ];
        return [.. states.Select(state => new { application_state = state.Number, value = state.Value, version = 1 })];
    }

    /// <summary>Only members this node sees live are asked; a DOWN one is simply missing.</summary>
    private static RestAnswer SchemaVersions(NodeCall call)
    {
        var asked = Seen(call, up: true).ToLookup(node => node.Mode is not null);
        var answers = new List<Pair>();
        if (asked[true].Any())
        {
            answers.Add(new Pair(call.Cluster.SchemaVersion.ToString(), asked[true].Select(node => node.Id.Address)));
        }

        if (asked[false].Any())
        {
            answers.Add(new Pair("UNREACHABLE", asked[false].Select(node => node.Id.Address)));
        }

        return RestAnswer.Json(answers);
    }
}
