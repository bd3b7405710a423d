using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What will be asked of humans, and when: what a plan lists, and what can be approved ahead (R16).</summary>
internal static class PlanGates
{
    public static ImmutableArray<PlanGate> Of(Workflow workflow)
    {
        var gates = ImmutableArray.CreateBuilder<PlanGate>();
        for (var i = 0; i < workflow.ClusterTasks.Count; i++)
        {
            var step = workflow.ClusterTasks[i];
            Add(gates, JobPaths.Cluster(i), step, perNode: false);
            for (var k = 0; step.Task is NodeWorkflow nodes && k < nodes.NodeTasks.Count; k++)
            {
                Add(gates, $"{JobPaths.Cluster(i)}.{JobPaths.Cluster(k)}", nodes.NodeTasks[k], perNode: true);
            }

            if (step.Task is NodeWorkflow whole)
            {
                AddStops(gates, JobPaths.Cluster(i), RolloutStops.BetweenBatches, whole.BetweenBatches);
                AddStops(gates, JobPaths.Cluster(i), RolloutStops.BeforeLast, whole.BeforeLastNode);
            }
        }

        return gates.ToImmutable();
    }

    /// <summary>In words, for the plan: the start, each gate, each question.</summary>
    public static ImmutableArray<string> Words(Workflow workflow, ApprovalNeed start, int nodes) =>
    [
        .. start.Count == 0 ? Array.Empty<string>() : [Start(start)],
        .. Of(workflow).Select(g => $"{g.Path} {g.Title}: {People(g.Count)}{(g.PerNode ? $", on each of {nodes} nodes" : "")}: {g.Message}"),
        .. Questions(workflow, nodes),
    ];

    private static string Start(ApprovalNeed need) => $"{People(need.Count)} before the start, not by the requester"
        + (need.Approvers.IsEmpty ? "" : $"; by {string.Join(", ", need.Approvers)}") + (need.Confirm is { } word ? $"; each types {word} (R17)" : "");

    private static string People(int count) => $"{count} approval{(count == 1 ? "" : "s")}";

    private static IEnumerable<string> Questions(Workflow workflow, int nodes)
    {
        for (var i = 0; i < workflow.ClusterTasks.Count; i++)
        {
            var (step, path) = (workflow.ClusterTasks[i], JobPaths.Cluster(i));
            ImmutableArray<(string Path, string Title, object Task, string When)> asked = step.Task is NodeWorkflow each
                ?
                [
                    .. each.NodeTasks.Select((s, k) => ($"{path}.{JobPaths.Cluster(k)}", s.Title, (object)s.Task, $", on each of {nodes} nodes")),
                    .. each.BetweenBatches.Select((s, k) => (JobPaths.Stop(path, RolloutStops.BetweenBatches, k).Path, s.Title, (object)s.Task, ", after each batch but the last")),
                    .. each.BeforeLastNode.Select((s, k) => (JobPaths.Stop(path, RolloutStops.BeforeLast, k).Path, s.Title, (object)s.Task, ", before the last node")),
                ]
                : [(path, step.Title, step.Task, "")];
            foreach (var (at, title, _, when) in asked.Where(a => a.Task is IAsksPeople))
            {
                yield return $"{at} {title}: a question is asked and waited for{when}";
            }
        }
    }

    private static void AddStops(ImmutableArray<PlanGate>.Builder gates, string path, string stop, IReadOnlyList<Step<ClusterContext>> steps)
    {
        for (var k = 0; k < steps.Count; k++)
        {
            Add(gates, JobPaths.Stop(path, stop, k).Path, steps[k], perNode: false);
        }
    }

    private static void Add<T>(ImmutableArray<PlanGate>.Builder gates, string path, Step<T> step, bool perNode)
    {
        if (step.Approval is { } gate)
        {
            gates.Add(new PlanGate(path, step.Title, gate.Message, [.. gate.Approvers], gate.Count, perNode));
        }
    }
}
