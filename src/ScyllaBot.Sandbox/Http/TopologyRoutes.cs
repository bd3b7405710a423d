using System.Collections.Immutable;
using System.Globalization;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>What moves membership and data, and what streams meanwhile (facts/scylla.md 1.9, 1.11, 1.12, 1.18, 1.21).</summary>
internal static class TopologyRoutes
{
    public static ImmutableArray<NodeRoute> All { get; } =
    [
        new("POST", "/storage_service/decommission", StartPhase.Joining, async call =>
            Answer(await call.Cluster.Topology.DecommissionAsync(call.Node, call.Cause))),
        new("POST", "/storage_service/remove_node", StartPhase.Joining, RemoveAsync),
        Post("/storage_service/exclude_node", StartPhase.Joining, Exclude),
        new("POST", "/storage_service/rebuild", StartPhase.Joining, async call =>
            Answer(await call.Cluster.Topology.RebuildAsync(call.Node, call.Ask("source_dc"), call.Cause))),
        new("POST", "/storage_service/tablets/balancing", StartPhase.Joining, BalancingAsync),
        new("POST", "/storage_service/quiesce_topology", StartPhase.Joining, QuiesceAsync),
        Get("/storage_service/removal_status", StartPhase.Joining, _ => RestAnswer.Json("No token removals in process.")),
        Get("/storage_service/raft_topology/upgrade", StartPhase.Joining, _ => RestAnswer.Json("done")),
        Get("/storage_service/raft_topology/cmd_rpc_status", StartPhase.Joining, CommandStatus),
        Post("/raft/trigger_stepdown", StartPhase.Services, StepDown),
        Get("/storage_service/compaction_throughput", StartPhase.Joining, call => RestAnswer.Json(call.Node.CompactionThroughput)),
        Post("/storage_service/compaction_throughput", StartPhase.Joining, call => Throughput(call, "compaction")),
        Get("/storage_service/stream_throughput", StartPhase.Joining, call => RestAnswer.Json(call.Node.StreamThroughput)),
        Post("/storage_service/stream_throughput", StartPhase.Joining, call => Throughput(call, "stream")),
        Get("/stream_manager", StartPhase.Services, Streams),
        Get("/stream_manager/metrics/outbound", StartPhase.Services, call => RestAnswer.Json(StreamsOf(call).Length)),
    ];

    private static RestAnswer Answer(CallOutcome outcome) =>
        outcome.Reset ? RestAnswer.Reset : outcome.Error is { } error ? RestAnswer.Error(500, error) : RestAnswer.Void;

    private static async Task<RestAnswer> RemoveAsync(NodeCall call)
    {
        if (call.Ask("host_id") is not { } text)
        {
            return RestAnswer.Error(400, "Missing mandatory parameter 'host_id'");
        }

        var ignored = call.Ask("ignore_nodes")?.Split(',') ?? [];
        if (!Guid.TryParse(text, out var host) || Array.Exists(ignored, word => !Guid.TryParse(word, out _)))
        {
            return RestAnswer.Error(400, $"removenode: Cannot parse {text} or a node to ignore as a host id");
        }

        return Answer(await call.Cluster.Topology.RemoveAsync(call.Node, host, [.. ignored.Select(Guid.Parse)], call.Cause));
    }

    private static RestAnswer Exclude(NodeCall call)
    {
        if (call.Ask("hosts") is not { } text)
        {
            return RestAnswer.Error(400, "Missing mandatory parameter 'hosts'");
        }

        var named = text.Split(',').Select(word => call.Cluster.Nodes.FirstOrDefault(node =>
            string.Equals(node.Id.HostId.ToString(), word, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (named.Contains(null))
        {
            return RestAnswer.Error(400, $"Cannot exclude {text}: not a member of the cluster");
        }

        if (named.FirstOrDefault(node => call.Cluster.Gossip.SeesUp(call.Node, node!)) is { } alive)
        {
            return RestAnswer.RuntimeError($"Cannot exclude host {alive.Id.HostId} because it's alive");
        }

        foreach (var node in named.Where(node => !node!.IsExcluded))
        {
            node!.IsExcluded = true;
            call.Cluster.Record(node, "exclude", call.Cause);
        }

        return RestAnswer.Void;
    }

    /// <summary>Off: the answer comes when the migrations that run have ended.</summary>
    private static Task<RestAnswer> BalancingAsync(NodeCall call)
    {
        if (Flag(call, "enabled", out var on) is { } problem)
        {
            return Task.FromResult(problem);
        }

        if (!call.Node.Gossiping || !call.Cluster.Raft.HasMajority)
        {
            return Task.FromResult(RestAnswer.RuntimeError("raft: no majority or the group0 server is stopped"));
        }

        call.Cluster.SetBalancing(on, call.Node, call.Cause);
        return on ? Task.FromResult(RestAnswer.Void) : Later(call, call.Cluster.Tablets.WhenIdle);
    }

    private static Task<RestAnswer> QuiesceAsync(NodeCall call) => Later(call, call.Cluster.Topology.WhenQuiet);

    private static Task<RestAnswer> Later(NodeCall call, Action<Action> when)
    {
        var answer = new TaskCompletionSource<RestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Node.WhenExited(() => answer.TrySetResult(RestAnswer.Reset));
        when(() => answer.TrySetResult(RestAnswer.Void));
        return answer.Task;
    }

    private static RestAnswer? Flag(NodeCall call, string name, out bool value)
    {
        value = call.Ask(name) is "true" or "1";
        return call.Ask(name) switch
        {
            "true" or "1" or "false" or "0" => null,
            null => RestAnswer.Error(400, $"Missing mandatory parameter '{name}'"),
            _ => RestAnswer.Error(400, $"Bad value for parameter '{name}'"),
        };
    }

    private static RestAnswer CommandStatus(NodeCall call) => RestAnswer.Json(
        call.Cluster.Topology.Current is { IsStreaming: true } ? $"stream_ranges[1]: {call.Node.Id.HostId}" : "none");

    /// <summary>Only the leader can step down.</summary>
    private static RestAnswer StepDown(NodeCall call)
    {
        if (call.Cluster.Raft.Leader != call.Node)
        {
            return RestAnswer.Error(500, $"raft::not_a_leader (Not a leader, leader: {call.Cluster.Raft.Leader?.Id.HostId ?? Guid.Empty})");
        }

        call.Cluster.Raft.StepDown();
        call.Cluster.Record(call.Node, "stepdown", call.Cause);
        return RestAnswer.Json("");
    }

    private static RestAnswer Throughput(NodeCall call, string what)
    {
        if (!int.TryParse(call.Ask("value"), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return RestAnswer.Error(400, "Missing mandatory parameter 'value'");
        }

        var isCompaction = what is "compaction";
        if (value != (isCompaction ? call.Node.CompactionThroughput : call.Node.StreamThroughput))
        {
            _ = isCompaction ? call.Node.CompactionThroughput = value : call.Node.StreamThroughput = value;
            call.Node.Machine.Config.SetByApi(
                isCompaction ? "compaction_throughput_mb_per_sec" : "stream_io_throughput_mb_per_sec", value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            call.Cluster.Record(call.Node, $"{what}-throughput", call.Cause);
        }

        return RestAnswer.Void;
    }

    /// <summary>Neither tablets nor repair-based operations are seen here.</summary>
    private static SimNode[] StreamsOf(NodeCall call)
    {
        if (call.Cluster.RepairBasedOperations || call.Cluster.Topology.Current is not { IsStreaming: true } work)
        {
            return [];
        }

        var subject = work.Request.Node;
        return call.Node == subject
            ? [.. call.Cluster.Owners.Where(node => node != subject)]
            : call.Node.OwnsTokens ? [subject] : [];
    }

    private static RestAnswer Streams(NodeCall call)
    {
        var peers = StreamsOf(call);
        return RestAnswer.Json(peers.Length == 0 ? [] : new[]
        {
            new
            {
                plan_id = call.Cluster.Topology.Current!.Request.Id,
                description = call.Cluster.Topology.Current.StreamName,
                sessions = peers.Select(peer => new
                {
                    peer = peer.Id.Address,
                    session_index = 0,
                    connecting = peer.Id.Address,
                    receiving_summaries = Array.Empty<object>(),
                    sending_summaries = Array.Empty<object>(),
                    state = "STREAMING",
                    receiving_files = Array.Empty<object>(),
                    sending_files = Array.Empty<object>(),
                }).ToArray(),
            },
        });
    }
}
