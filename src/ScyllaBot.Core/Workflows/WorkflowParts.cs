using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>What a workflow is made of, wherever it stands in it.</summary>
internal static class WorkflowParts
{
    /// <summary>Its node workflows, in order; those under <c>always</c> are none that nodes are planned for.</summary>
    public static IEnumerable<NodeWorkflow> Rollouts(this Workflow workflow) => workflow.ClusterTasks.Select(s => s.Task).OfType<NodeWorkflow>();

    /// <summary>A step of it, of its nodes or of a stop between them takes a node down.</summary>
    public static bool TakesDown(this Workflow workflow) =>
        Of(workflow.ClusterTasks).Any(p => p.Tag.Direction == Direction.TakesDown);

    /// <summary>In a node workflow's place stand its nodes' steps and the cluster's between its batches and before its last node; its restore only brings back (R4).</summary>
    public static IEnumerable<(object Task, TagAttribute Tag)> Of(IEnumerable<Step<ClusterContext>> steps) => steps.SelectMany(s =>
        s.Task is NodeWorkflow nodes
            ? nodes.NodeTasks.Select(n => ((object)n.Task, n.Tag)).Concat(nodes.BetweenBatches.Concat(nodes.BeforeLastNode).Select(c => ((object)c.Task, c.Tag)))
            : [(s.Task, s.Tag)]);
}
