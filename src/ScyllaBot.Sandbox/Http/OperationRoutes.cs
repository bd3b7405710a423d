using System.Collections.Immutable;
using System.Globalization;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Calls that change something, and raft (facts/scylla.md 1.9, 1.10, 1.18).</summary>
internal static class OperationRoutes
{
    private static readonly TimeSpan _barrierTimeout = TimeSpan.FromSeconds(60);

    public static ImmutableArray<NodeRoute> All { get; } =
    [
        new("POST", "/storage_service/drain", StartPhase.Joining, async call => Answer(await call.Node.DrainAsync(call.Cause))),
        Get("/storage_service/drain", StartPhase.Joining, DrainProgress),
        Post("/storage_service/gossiping", StartPhase.Joining, call => Answer(call.Node.SetGossip(on: true, call.Cause))),
        Delete("/storage_service/gossiping", StartPhase.Joining, call => Answer(call.Node.SetGossip(on: false, call.Cause))),
        Post("/storage_service/native_transport", StartPhase.Serving, call => Answer(call.Node.SetCql(on: true, call.Cause))),
        Delete("/storage_service/native_transport", StartPhase.Serving, call => Answer(call.Node.SetCql(on: false, call.Cause))),
        Get("/raft/leader_host", StartPhase.Services, Leader),
        new("POST", "/raft/read_barrier", StartPhase.Services, ReadBarrierAsync),
    ];

    private static RestAnswer Answer(CallOutcome outcome) =>
        outcome.Reset ? RestAnswer.Reset : outcome.Error is { } error ? RestAnswer.Error(500, error) : RestAnswer.Void;

    /// <summary>The misleading text of the real one: it starts with "Drained" before any drain.</summary>
    private static RestAnswer DrainProgress(NodeCall call)
    {
        var tables = call.Cluster.Keyspaces.Sum(keyspace => keyspace.Tables.Length);
        return RestAnswer.Json($"Drained {(call.Node.Mode == OperationMode.Drained ? 0 : tables)}/{tables} ColumnFamilies");
    }

    /// <summary>The null uuid when there is no leader.</summary>
    private static RestAnswer Leader(NodeCall call) => RestAnswer.Json((call.Cluster.Raft.Leader?.Id.HostId ?? Guid.Empty).ToString());

    /// <summary>An empty text, as described, with a raft majority; without one a 500 when the timeout (seconds, default 60) is over.</summary>
    private static Task<RestAnswer> ReadBarrierAsync(NodeCall call)
    {
        var timeout = _barrierTimeout;
        if (call.Ask("timeout") is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds == 0)
            {
                return Task.FromResult(RestAnswer.Error(400, $"Bad timeout {text}: a positive integer is needed"));
            }

            timeout = TimeSpan.FromSeconds(seconds);
        }

        if (!call.Node.Gossiping)
        {
            return Task.FromResult(RestAnswer.RuntimeError("raft::stopped_error (Raft instance is stopped)"));
        }

        return call.Cluster.Raft.HasMajority ? Task.FromResult(RestAnswer.Json("")) : TimedOutAsync(call, timeout);
    }

    private static Task<RestAnswer> TimedOutAsync(NodeCall call, TimeSpan timeout)
    {
        var answer = new TaskCompletionSource<RestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Cluster.Agenda.After(timeout, () => answer.TrySetResult(
            RestAnswer.Error(500, "service::raft_operation_timeout_error (group [group0] raft operation [read_barrier] timed out)")));
        call.Node.WhenExited(() => answer.TrySetResult(RestAnswer.Reset));
        return answer.Task;
    }
}
