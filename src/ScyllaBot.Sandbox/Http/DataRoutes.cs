using System.Collections.Immutable;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Work on data: flush, compaction, cleanup, upgrade of sstables (facts/scylla.md 1.9, 1.13, 1.15). Two of them are GETs that change.</summary>
internal static class DataRoutes
{
    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Post("/storage_service/flush", StartPhase.TablesLoaded, call => Flush(call, call.Cluster.Keyspaces)),
        Post("/storage_service/keyspace_flush/{keyspace}", StartPhase.TablesLoaded, call => Named(call, out var ks, out _) ?? Flush(call, [ks])),
        new("POST", "/storage_service/compact", StartPhase.TablesLoaded, CompactAllAsync),
        new("POST", "/storage_service/keyspace_compaction/{keyspace}", StartPhase.TablesLoaded, call => UntilEndAsync(call, Compact, RestAnswer.Void)),
        Post("/tasks/compaction/keyspace_compaction/{keyspace}", StartPhase.TablesLoaded, call => Begin(call, Compact)),
        new("POST", "/storage_service/keyspace_cleanup/{keyspace}", StartPhase.Joining, call => UntilEndAsync(call, Cleanup, RestAnswer.Json(0))),
        Post("/tasks/compaction/keyspace_cleanup/{keyspace}", StartPhase.Joining, call => Begin(call, Cleanup)),
        new("POST", "/storage_service/cleanup_all", StartPhase.Joining, CleanupAllAsync),
        Post("/storage_service/mark_node_as_clean", StartPhase.Joining, MarkClean),
        new("GET", "/storage_service/keyspace_upgrade_sstables/{keyspace}", StartPhase.TablesLoaded, call => UntilEndAsync(call, Upgrade, RestAnswer.Json(0))),
        Get("/tasks/compaction/keyspace_upgrade_sstables/{keyspace}", StartPhase.TablesLoaded, call => Begin(call, Upgrade)),
    ];

    /// <summary>A keyspace of the path and the tables of `cf`; the refusal when one does not exist.</summary>
    public static RestAnswer? Named(NodeCall call, out Keyspace keyspace, out ImmutableArray<string> tables)
    {
        keyspace = null!;
        tables = [];
        if (call.Cluster.Keyspace(call.Path["keyspace"]) is not { } found)
        {
            return RestAnswer.Error(400, $"Can't find a keyspace {call.Path["keyspace"]}");
        }

        keyspace = found;
        tables = call.Ask("cf") is { } csv ? [.. csv.Split(',')] : [.. found.Tables.Select(table => table.Name)];
        var unknown = tables.FirstOrDefault(name => found.Tables.All(table => table.Name != name));
        return unknown is null ? null : RestAnswer.Error(400, $"Can't find a column family {unknown} in keyspace {found.Name}");
    }

    /// <summary>Answers when the task ends: 500 with its error when it failed.</summary>
    public static Task<RestAnswer> WhenEndedAsync(NodeCall call, SimTask task, RestAnswer done)
    {
        var answer = new TaskCompletionSource<RestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        call.Node.WhenExited(() => answer.TrySetResult(RestAnswer.Reset));
        task.WhenEnded(() => answer.TrySetResult(task.State is "failed" ? RestAnswer.RuntimeError(task.Error) : done));
        return answer.Task;
    }

    private static RestAnswer Flush(NodeCall call, IEnumerable<Keyspace> keyspaces)
    {
        var written = keyspaces.Where(keyspace => call.Node.Store.Flush(keyspace.Name)).ToArray();
        if (written.Length > 0)
        {
            call.Cluster.Record(call.Node, "flush", call.Cause);
        }

        return RestAnswer.Void;
    }

    private static (RestAnswer? Refusal, SimTask? Task) Compact(NodeCall call) =>
        Named(call, out var keyspace, out var tables) is { } no ? (no, null) : (null, CompactionJobs.Major(call.Node, keyspace, tables, call.Cause));

    private static (RestAnswer? Refusal, SimTask? Task) Cleanup(NodeCall call)
    {
        if (Named(call, out var keyspace, out _) is { } no)
        {
            return (no, null);
        }

        return CompactionJobs.IsTopologyChanging(call.Cluster) && !call.Cluster.CleansUpInChanges
            ? (RestAnswer.RuntimeError(CompactionJobs.TopologyChanges), null)
            : (null, CompactionJobs.Cleanup(call.Node, keyspace, call.Cause));
    }

    private static (RestAnswer? Refusal, SimTask? Task) Upgrade(NodeCall call) =>
        Named(call, out var keyspace, out _) is { } no
            ? (no, null)
            : (null, CompactionJobs.Upgrade(call.Node, keyspace, call.Ask("exclude_current_version") is "true" or "1", call.Cause));

    /// <summary>The null uuid when there is nothing to do.</summary>
    private static RestAnswer Begin(NodeCall call, Func<NodeCall, (RestAnswer? Refusal, SimTask? Task)> start)
    {
        var (refusal, task) = start(call);
        return refusal ?? RestAnswer.Json((task?.Id ?? Guid.Empty).ToString());
    }

    private static Task<RestAnswer> UntilEndAsync(NodeCall call, Func<NodeCall, (RestAnswer? Refusal, SimTask? Task)> start, RestAnswer done)
    {
        var (refusal, task) = start(call);
        return refusal is not null || task is null ? Task.FromResult(refusal ?? done) : WhenEndedAsync(call, task, done);
    }

    private static Task<RestAnswer> CompactAllAsync(NodeCall call)
    {
        var answer = new TaskCompletionSource<RestAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = call.Cluster.Keyspaces.Length;
        call.Node.WhenExited(() => answer.TrySetResult(RestAnswer.Reset));
        foreach (var keyspace in call.Cluster.Keyspaces)
        {
            CompactionJobs.Major(call.Node, keyspace, [.. keyspace.Tables.Select(table => table.Name)], call.Cause).WhenEnded(() =>
            {
                if (--left == 0)
                {
                    answer.TrySetResult(RestAnswer.Void);
                }
            });
        }

        return answer.Task;
    }

    private static Task<RestAnswer> CleanupAllAsync(NodeCall call)
    {
        var done = RestAnswer.Json(0);
        if (call.Ask("global") is not ("false" or "0"))
        {
            return WhenEndedAsync(call, CompactionJobs.CleanupCluster(call.Node, call.Cause), done);
        }

        return CompactionJobs.IsTopologyChanging(call.Cluster)
            ? Task.FromResult(RestAnswer.RuntimeError(CompactionJobs.TopologyChanges))
            : WhenEndedAsync(call, CompactionJobs.CleanupNode(call.Node, call.Cause), done);
    }

    private static RestAnswer MarkClean(NodeCall call)
    {
        if (call.Node.Store.MarkClean())
        {
            call.Cluster.Record(call.Node, "marked-clean", call.Cause);
        }

        return RestAnswer.Void;
    }
}
