using System.Collections.Immutable;
using System.Globalization;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Repairs of vnode keyspaces and of tablet tables (facts/scylla.md 1.14), with the trap of their numbers.</summary>
internal static class RepairRoutes
{
    private static readonly string[] _options =
    [
        "primaryRange", "parallelism", "incremental", "jobThreads", "ranges", "startToken", "endToken", "columnFamilies", "dataCenters", "hosts",
        "ignore_nodes", "trace", "ranges_parallelism", "small_table_optimization", "pullRepair", "ignoreUnreplicatedKeyspaces",
    ];

    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Post("/storage_service/repair_async/{keyspace}", StartPhase.Joining, Start),
        Get("/storage_service/repair_async/{keyspace}", StartPhase.Joining, call => Number(call, out var id) ?? Status(call, id)),
        new("GET", "/storage_service/repair_status", StartPhase.Joining, AwaitAsync),
        Get("/storage_service/active_repair", StartPhase.Joining, call => RestAnswer.Json(call.Node.Repairs.Active)),
        Post("/storage_service/force_terminate_repair", StartPhase.Joining, Terminate),
        new("POST", "/storage_service/tablets/repair", StartPhase.Joining, RepairTabletsAsync),
    ];

    private static RestAnswer Start(NodeCall call)
    {
        if (call.Query.Keys.FirstOrDefault(name => !_options.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return RestAnswer.Error(400, $"option {unknown} is not supported");
        }

        if (DataRoutes.Named(call, out var keyspace, out _) is { } no)
        {
            return no;
        }

        if (keyspace.UsesTablets)
        {
            return RestAnswer.Error(403, "Cannot repair tablet keyspace. Use /storage_service/tablets/repair to repair tablet keyspaces.");
        }

        return call.Node.Mode != OperationMode.Normal
            ? RestAnswer.RuntimeError("Node is not in NORMAL status yet!")
            : RestAnswer.Json(call.Node.Repairs.Start(keyspace, call.Cause).Sequence);
    }

    private static RestAnswer? Number(NodeCall call, out long id)
    {
        id = 0;
        return call.Ask("id") is not { } text ? RestAnswer.Error(400, "Missing mandatory parameter 'id'")
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out id) ? null
            : RestAnswer.Error(400, $"Bad value for parameter 'id': {text}");
    }

    private static RestAnswer Status(NodeCall call, long id) =>
        call.Node.Repairs.StatusOf(id) is { } status ? RestAnswer.Json(status) : RestAnswer.Error(400, "unknown repair id");

    /// <summary>Waits for `timeout` seconds at most; without it, or when it is -1, until the repair ends.</summary>
    private static Task<RestAnswer> AwaitAsync(NodeCall call)
    {
        if (Number(call, out var id) is { } no)
        {
            return Task.FromResult(no);
        }

        if (call.Node.Repairs.TaskOf(id) is not { } task)
        {
            return Task.FromResult(Status(call, id));
        }

        var answer = new TaskCompletionSource<RestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (int.TryParse(call.Ask("timeout"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            call.Cluster.Agenda.After(TimeSpan.FromSeconds(seconds), () => answer.TrySetResult(Status(call, id)));
        }

        call.Node.WhenExited(() => answer.TrySetResult(RestAnswer.Reset));
        task.WhenEnded(() => answer.TrySetResult(Status(call, id)));
        return answer.Task;
    }

    private static RestAnswer Terminate(NodeCall call)
    {
        call.Node.Repairs.Terminate(call.Cause);
        return RestAnswer.Void;
    }

    private static Task<RestAnswer> RepairTabletsAsync(NodeCall call)
    {
        if (new[] { "ks", "table", "tokens" }.FirstOrDefault(name => call.Ask(name) is null) is { } missing)
        {
            return Task.FromResult(RestAnswer.Error(400, $"Missing mandatory parameter '{missing}'"));
        }

        var (name, table) = (call.Ask("ks")!, call.Ask("table")!);
        var keyspace = call.Cluster.Keyspace(name);
        if (keyspace is null || keyspace.Tables.All(t => t.Name != table))
        {
            return Task.FromResult(RestAnswer.Error(400, $"Can't find a column family {table} in keyspace {name}"));
        }

        if (!keyspace.UsesTablets)
        {
            return Task.FromResult(RestAnswer.Error(400, $"Table {name}.{table} does not use tablets"));
        }

        if (TabletRepairs.Running(call.Cluster, name, table) is { } running)
        {
            return Task.FromResult(RestAnswer.RuntimeError($"Tablet {running.Id}:0 is already in repair by tablet_task_id={running.Id}"));
        }

        var task = TabletRepairs.Start(call.Node, name, table, call.Cause);
        var answer = RestAnswer.Json(new { tablet_task_id = task.Id });
        return call.Ask("await_completion") is "true" ? DataRoutes.WhenEndedAsync(call, task, answer) : Task.FromResult(answer);
    }
}
