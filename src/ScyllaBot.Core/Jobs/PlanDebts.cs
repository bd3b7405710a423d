using System.Reflection;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What is owed on a cluster before a run, and what the run may leave owing.</summary>
internal static class PlanDebts
{
    private const int MostLines = 8;

    /// <param name="open">What is open on the cluster.</param>
    /// <param name="workflow">What would run.</param>
    public static ImmutableArray<string> Lines(ImmutableArray<Debt> open, Workflow workflow)
    {
        var steps = workflow.ClusterTasks.Concat(workflow.Always).ToArray();
        var pays = PaidBy(steps.SelectMany(s => s.Task is NodeWorkflow nodes ? nodes.NodeTasks.Select(n => (object)n.Task) : [s.Task]));
        // Before the last nodes are done: what those leave owing stays.
        var between = PaidBy(steps.Select(s => s.Task).OfType<NodeWorkflow>().SelectMany(n => n.BetweenBatches.Concat(n.BeforeLastNode)).Select(s => s.Task));
        var owes = TasksOf(workflow).SelectMany(t => t.GetCustomAttributes<OwesAttribute>()).Select(o => o.Kind).Distinct().Order()
            .Where(k => !pays.Contains(k) && k != DebtKind.RescueTimer).ToArray();
        var grouped = open.Where(d => d.Kind != DebtKind.RescueTimer).GroupBy(d => d.Kind).OrderBy(g => g.Key).ToArray();
        return
        [
            .. grouped.Take(MostLines).Select(g =>
                $"owed now: {DebtWords.Of(g.Key)}{(pays.Contains(g.Key) ? " (this run pays it)" : between.Contains(g.Key) ? " (this run pays it where it stops between nodes)" : "")}: {g.First().What}{(g.Count() > 1 ? $" and {g.Count() - 1} more" : "")}"),
            .. owes.Select(k => $"may leave owing: {DebtWords.Of(k)}"),
        ];
    }

    /// <summary>Why a step of it would be refused now.</summary>
    public static ImmutableArray<string> Concerns(ImmutableArray<Debt> open, Workflow workflow) =>
        TasksOf(workflow).Any(t => t == typeof(Decommission) || t == typeof(RemoveNode))
        && NothingOwed.WhyNot([.. open.Where(d => d.Kind == DebtKind.Cleanup)]) is { } why ? [why] : [];

    private static HashSet<DebtKind> PaidBy(IEnumerable<object> tasks) => [.. tasks.SelectMany(t => t.GetType().GetCustomAttributes<PaysAttribute>()).Select(p => p.Kind)];

    private static IEnumerable<Type> TasksOf(Workflow workflow) => WorkflowParts.Of(workflow.ClusterTasks.Concat(workflow.Always)).Select(p => p.Task.GetType());
}
