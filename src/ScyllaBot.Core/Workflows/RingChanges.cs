using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>What a workflow does to the ring, as its tasks say of themselves.</summary>
internal static class RingChanges
{
    /// <summary>It has a step for machines that are to become members.</summary>
    public static bool JoinsRing(Workflow workflow) => NodeTasks(workflow).Any(t => t is IJoinsRing);

    /// <summary>It has a step for the first machine of a ring that is not there yet.</summary>
    public static bool FoundsRing(Workflow workflow) => NodeTasks(workflow).Any(t => t is IJoinsRing { MayFound: true });

    /// <summary>Nodes that the job itself takes out of the ring, or brings in: its targets, and whom a task names by host id (R15, R27).</summary>
    public static IReadOnlySet<string> MayBeOut(Workflow workflow, Cluster cluster, IEnumerable<string> targets)
    {
        var hosts = Ousted(workflow);
        return !NodeTasks(workflow).Any(t => t is IChangesMembership) ? ImmutableSortedSet<string>.Empty
            : targets.Concat(cluster.Members.Where(n => hosts.Contains(n.HostId)).Select(n => n.Name)).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    /// <summary>Host ids of nodes that others take the place of.</summary>
    public static ImmutableHashSet<Guid> Ousted(Workflow workflow) => [.. NodeTasks(workflow).OfType<IChangesMembership>().SelectMany(t => t.Ousted)];

    private static IEnumerable<ITask<NodeContext>> NodeTasks(Workflow workflow) => workflow.Rollouts()
        .SelectMany(w => w.NodeTasks.Concat(w.Restore ?? [])).Select(s => s.Task);
}
