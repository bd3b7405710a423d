using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>What of a workflow must never be used on a cluster, whatever anybody approves.</summary>
internal static class ClusterRefusals
{
    public static ImmutableArray<string> Of(Workflow workflow, Cluster cluster, Inventory inventory) =>
        [.. WorkflowParts.Of(workflow.ClusterTasks.Concat(workflow.Always)).SelectMany(p => Inside(p.Task)).OfType<IRefusesClusters>()
            .Select(part => part.WhyNever(cluster, inventory)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<object> Inside(object task) => task switch
    {
        WaitForConditions wait => wait.Conditions.Select(c => c.Condition),
        WaitForCluster wait => wait.Conditions.Select(c => c.Condition),
        _ => [task],
    };
}
