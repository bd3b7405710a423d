using System.Collections.Immutable;
using System.Text;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Sandbox.Http.NodeRoute;

namespace ScyllaBot.Sandbox.Http;

/// <summary>Background work of a node: compaction, streaming, hints (facts/scylla.md 1.16, 1.20, 1.21).</summary>
internal static class WorkRoutes
{
    /// <summary>Begins every sync point; its base64 has a plus sign in it, which a client must encode.</summary>
    private const string SyncPointMark = "sp>>>";

    public static ImmutableArray<NodeRoute> All { get; } =
    [
        Get("/compaction_manager/compactions", StartPhase.Services, Compactions),
        Get("/compaction_manager/metrics/pending_tasks", StartPhase.Services, call => RestAnswer.Json(call.Node.PendingCompactions)),
        Get("/compaction_manager/metrics/pending_tasks_by_table", StartPhase.Services, PendingByTable),
        Get("/compaction_manager/metrics/completed_tasks", StartPhase.Services, Completed),
        Post("/hinted_handoff/sync_point", StartPhase.Serving, NewSyncPoint),
        Get("/hinted_handoff/sync_point", StartPhase.Serving, SyncPoint),
    ];

    private static RestAnswer Compactions(NodeCall call)
    {
        var keyspace = call.Cluster.Keyspaces[0];
        return RestAnswer.Json(Enumerable.Range(0, call.Node.RunningCompactions).Select(i => new
        {
            id = call.Cluster.Dice.Uuid($"{call.Node.Id.Name}/compaction/{call.Node.Generation}/{i}").ToString(),
            ks = keyspace.Name,
            cf = keyspace.Tables[i % keyspace.Tables.Length].Name,
            completed = call.Now.ToUnixTimeSeconds() % 60 * 1_000,
            total = 60_000,
            task_type = "COMPACTION",
            unit = "keys",
        }));
    }

    private static RestAnswer PendingByTable(NodeCall call)
    {
        var keyspace = call.Cluster.Keyspaces[0];
        return RestAnswer.Json(new[] { new { ks = keyspace.Name, cf = keyspace.Tables[0].Name, task = call.Node.PendingCompactions } });
    }

    private static RestAnswer Completed(NodeCall call) => RestAnswer.Json((long)(call.Now - call.Node.ProcessStart).TotalSeconds / 10);

    /// <summary>An opaque base64 id, which may hold + and /: clients have to encode it. It carries the targets it was made for.</summary>
    private static RestAnswer NewSyncPoint(NodeCall call) =>
        RestAnswer.Json(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SyncPointMark}{call.Ask("target_hosts")}")));

    /// <summary>
    /// Hints pile up while the target is seen down. They are done once it is seen UP, the sender has woken (ten seconds), and what piled up has
    /// been replayed: a tenth of the time it was down, a minute at most.
    /// </summary>
    private static RestAnswer SyncPoint(NodeCall call)
    {
        if (call.Ask("id") is not { } id)
        {
            return RestAnswer.Error(400, "Missing mandatory parameter 'id'");
        }

        var bytes = new byte[4096];
        var text = Convert.TryFromBase64String(id, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        if (!text.StartsWith(SyncPointMark, StringComparison.Ordinal))
        {
            return RestAnswer.Error(400, "Failed to parse the hint sync point");
        }

        var named = text[SyncPointMark.Length..].Split(',');
        var targets = call.Cluster.Nodes.Where(node => named is [""] || named.Contains(node.Id.Address, StringComparer.Ordinal));
        return RestAnswer.Json(targets.All(target => target == call.Node || Replayed(call, target)) ? "DONE" : "IN_PROGRESS");
    }

    private static bool Replayed(NodeCall call, SimNode target) =>
        call.Cluster.Gossip.SeesUp(call.Node, target)
        && (call.Cluster.Gossip.Since(call.Node, target) is not { } up || call.Now - up >= TimeSpan.FromSeconds(10) + Replay(call.Cluster.Gossip.WasDownFor(call.Node, target)));

    private static TimeSpan Replay(TimeSpan down) => down / 10 < TimeSpan.FromMinutes(1) ? down / 10 : TimeSpan.FromMinutes(1);
}
