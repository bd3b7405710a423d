using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Which of the chosen nodes a workflow is for: members of the ring, or those that it brings in. Every mistake at once.</summary>
internal static class RingTargets
{
    /// <param name="workflow">What is to be done.</param>
    /// <param name="target">As it was asked for: who is named is meant; who was not is left out where the workflow is not for them.</param>
    /// <param name="snapshot">The ring now.</param>
    /// <param name="chosen">Whom the target stands for in the inventory.</param>
    public static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) Of(
        Workflow workflow, Target target, ClusterSnapshot snapshot, ImmutableArray<Node> chosen)
    {
        var nodes = chosen.Select(n => snapshot.Cluster.Find(n.Name) ?? n).ToImmutableArray();
        var members = MembersOf(snapshot);
        var joins = RingChanges.JoinsRing(workflow);
        var mayBeOut = RingChanges.MayBeOut(workflow, snapshot.Cluster, nodes.Select(n => n.Name)).Count > 0;
        if (target is not Target.Named)
        {
            nodes = [.. nodes.Where(n => joins ? !members.Contains(n.HostId) : n.IsInRing)];
            return nodes.IsEmpty && !chosen.IsEmpty ? ([], [joins
                ? $"Every node of {snapshot.Cluster.Name} that this means is in the ring already; add the new machines to the inventory, without a host_id, and name them."
                : $"No node of {snapshot.Cluster.Name} that this means is in the ring."]) : (nodes, []);
        }

        var replaced = RingChanges.Ousted(workflow);
        ImmutableArray<string> errors =
        [
            .. nodes.Where(n => !n.IsInRing && !mayBeOut)
                .Select(n => $"{n.Name} is not in the ring, and this workflow has no step that brings a node in: leave it out, or use add_nodes_to_cluster."),
            .. nodes.Where(n => joins && members.Contains(n.HostId) && !replaced.Contains(n.HostId))
                .Select(n => $"{n.Name} is in the ring already, as {n.HostId}: this workflow is for machines that are to join."),
        ];
        return errors.IsEmpty ? (nodes, []) : ([], errors);
    }

    private static ImmutableHashSet<Guid> MembersOf(ClusterSnapshot snapshot) =>
        [.. snapshot.TellingRing()?.HostIds!.Values ?? []];
}
