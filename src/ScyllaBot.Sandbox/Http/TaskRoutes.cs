using System.Collections.Immutable;
using System.Globalization;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>`/task_manager/…` (facts/scylla.md 1.15). Cluster tasks are seen from every node, node tasks only where they run.</summary>
internal static class TaskRoutes
{
    private const string NotSet = "1970-01-01T00:00:00Z";

    private static readonly string[] _modules =
        ["compaction", "repair", "node_ops", "tablets", "global_topology_requests", "sstables_loader", "snapshot"];

    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/task_manager/list_modules", StartPhase.RestListening, _ => RestAnswer.Json(_modules)),
        Get("/task_manager/list_module_tasks/{module}", StartPhase.RestListening, List),
        Get("/task_manager/task_status/{task_id}", StartPhase.RestListening, call => Known(call) is { } task ? RestAnswer.Json(Status(call, task)) : Unknown(call)),
        Get("/task_manager/task_status_recursive/{task_id}", StartPhase.RestListening, Recursive),
        new("GET", "/task_manager/wait_task/{task_id}", StartPhase.RestListening, WaitAsync),
        Post("/task_manager/abort_task/{task_id}", StartPhase.RestListening, Abort),
        Get("/task_manager/ttl", StartPhase.RestListening, _ => RestAnswer.Json(0)),
        Get("/task_manager/user_ttl", StartPhase.RestListening, call => RestAnswer.Json((long)call.Cluster.Tasks.Ttl.TotalSeconds)),
        Post("/task_manager/user_ttl", StartPhase.RestListening, SetTtl),
        Post("/task_manager/drain/{module}", StartPhase.RestListening, Drain),
    ];

    private static RestAnswer List(NodeCall call)
    {
        var module = call.Path["module"];
        if (!_modules.Contains(module, StringComparer.Ordinal))
        {
            return RestAnswer.Error(400, $"module {module} not found");
        }

        return RestAnswer.Json(Seen(call)
            .Where(task => string.Equals(task.Module, module, StringComparison.Ordinal))
            .Where(task => call.Ask("keyspace") is not { } keyspace || string.Equals(task.Keyspace, keyspace, StringComparison.Ordinal))
            .Where(task => call.Ask("table") is not { } table || string.Equals(task.Table, table, StringComparison.Ordinal))
            .Select(task => new
            {
                task_id = task.Id,
                state = task.State,
                type = task.Type,
                kind = KindOf(task),
                scope = task.Scope,
                keyspace = task.Keyspace,
                table = task.Table,
                entity = task.Entity,
                sequence_number = task.Sequence,
                shard = 0,
                start_time = Time(task.StartedAt),
                end_time = Time(task.EndedAt),
            }));
    }

    private static object Status(NodeCall call, SimTask task) => new
    {
        id = task.Id,
        type = task.Type,
        kind = KindOf(task),
        scope = task.Scope,
        state = task.State,
        is_abortable = task.Abortable && task.EndedAt is null,
        start_time = Time(task.StartedAt),
        end_time = Time(task.EndedAt),
        error = task.Error,
        parent_id = "none",
        sequence_number = task.Sequence,
        shard = 0,
        keyspace = task.Keyspace,
        table = task.Table,
        entity = task.Entity,
        progress_units = task.EndedAt is null && task.Length > TimeSpan.Zero ? "%" : "",
        progress_total = task.Length > TimeSpan.Zero ? 100 : 0,
        progress_completed = task.Length > TimeSpan.Zero ? Math.Round(100 * Math.Clamp((call.Now - task.StartedAt) / task.Length, 0, 1)) : 0,
        children_ids = Array.Empty<object>(),
    };

    private static RestAnswer Recursive(NodeCall call) => Known(call) is { } task ? RestAnswer.Json(new[] { Status(call, task) }) : Unknown(call);

    private static Task<RestAnswer> WaitAsync(NodeCall call)
    {
        if (Known(call) is not { } task)
        {
            return Task.FromResult(Unknown(call));
        }

        var answer = new TaskCompletionSource<RestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (call.Ask("timeout") is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Task.FromResult(RestAnswer.Error(400, $"Bad value for parameter 'timeout': {text}"));
            }

            call.Cluster.Agenda.After(
                TimeSpan.FromSeconds(seconds), () => answer.TrySetResult(RestAnswer.Error(408, $"timed out waiting for task {task.Id}")));
        }

        call.Node.WhenExited(() => answer.TrySetResult(RestAnswer.Reset));
        task.WhenEnded(() => answer.TrySetResult(RestAnswer.Json(Status(call, task))));
        return answer.Task;
    }

    private static RestAnswer Abort(NodeCall call)
    {
        if (Known(call) is not { } task)
        {
            return Unknown(call);
        }

        if (task.EndedAt is null && !task.Abortable)
        {
            return RestAnswer.Error(403, $"task {task.Id} is not abortable");
        }

        if (task.EndedAt is null)
        {
            call.Cluster.Record(call.Node, "task-abort", call.Cause);
            task.Abort();
        }

        return RestAnswer.Void;
    }

    private static RestAnswer SetTtl(NodeCall call)
    {
        if (!int.TryParse(call.Ask("user_ttl"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return RestAnswer.Error(400, "Missing mandatory parameter 'user_ttl'");
        }

        var before = call.Cluster.Tasks.Ttl;
        call.Cluster.Tasks.Ttl = TimeSpan.FromSeconds(seconds);
        return RestAnswer.Json((long)before.TotalSeconds);
    }

    private static RestAnswer Drain(NodeCall call)
    {
        call.Cluster.Tasks.Forget(call.Node, call.Path["module"]);
        return RestAnswer.Void;
    }

    private static IEnumerable<SimTask> Seen(NodeCall call) => call.Cluster.Tasks.SeenFrom(call.Node);

    private static SimTask? Known(NodeCall call) =>
        Guid.TryParse(call.Path["task_id"], out var id) ? Seen(call).FirstOrDefault(task => task.Id == id) : null;

    private static RestAnswer Unknown(NodeCall call) => RestAnswer.Error(400, $"task with id {call.Path["task_id"]} not found");

    private static string KindOf(SimTask task) => task.Node is null ? "cluster" : "node";

    private static string Time(DateTimeOffset? at) => at is { } time ? time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : NotSet;
}
