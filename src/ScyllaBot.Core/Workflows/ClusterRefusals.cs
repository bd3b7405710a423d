using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>What of a workflow must never be used on a cluster, whatever anybody approves.</summary>
internal static class ClusterRefusals
{
    public static ImmutableArray<string> Of(Workflow workflow, Cluster cluster, Inventory inventory) =>
        [.. workflow.ClusterTasks.Concat(workflow.Always).SelectMany(s => Parts(s.Task)).OfType<IRefusesClusters>()
            .Select(part => part.WhyNever(cluster, inventory)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<object> Parts(object task) => task switch
    {
        NodeWorkflow nodes => nodes.NodeTasks.SelectMany(s => Parts(s.Task)).Concat(nodes.BetweenBatches.Concat(nodes.BeforeLastNode).SelectMany(s => Parts(s.Task))),
        WaitForConditions wait => wait.Conditions.Select(c => c.Condition),
        WaitForCluster wait => wait.Conditions.Select(c => c.Condition),
        _ => [task],
    };
}
