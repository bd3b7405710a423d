using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a workflow needs its cluster's lease for (R18), from what its steps are; nobody declares it.</summary>
public static class LeaseClasses
{
    /// <param name="workflow">Bound.</param>
    /// <param name="targets">Those that are not in the ring yet make it a change of topology whatever the steps are.</param>
    public static LeaseClass Of(Workflow workflow, IEnumerable<TargetNode> targets)
    {
        var classes = WorkflowParts.Of(workflow.ClusterTasks).Select(t => Of(t.Task, t.Tag)).ToArray();
        return targets.Any(t => t.HostId == Guid.Empty) || classes.Contains(LeaseClass.Topology) ? LeaseClass.Topology
            : classes.Contains(LeaseClass.Disruptive) ? LeaseClass.Disruptive : LeaseClass.Background;
    }

    /// <summary>
    /// Whatever changes the ring for good is topology; whatever may stop a node from serving is disruptive; what moves or rewrites data where it
    /// is, or only looks, lets others in between its units.
    /// </summary>
    public static LeaseClass Of(object task, TagAttribute tag) => task is IChangesMembership || tag is { Risk: Risk.Destructive } ? LeaseClass.Topology
        : tag.Direction == Direction.TakesDown ? LeaseClass.Disruptive : LeaseClass.Background;
}
