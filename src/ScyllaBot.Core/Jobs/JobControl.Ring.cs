using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    public async Task<Cluster?> ClusterAsync(string name, CancellationToken ct) => Inventory.Find(name) is not { } cluster ? null
        : cluster.Nodes.All(n => n.IsInRing) ? cluster : (await planner.LookAsync(cluster, ct)).Cluster;

    /// <summary>Of nodes that are no targets: who they were when the plan was made, where only the ring told it.</summary>
    private ImmutableSortedDictionary<string, string>? IdentitiesOf(Plan plan)
    {
        var written = inventory.Current.Find(plan.Cluster.Name);
        var told = plan.Cluster.Members.Where(n => written?.Find(n.Name) is { IsInRing: false } && plan.Targets.All(t => t.Name != n.Name))
            .ToImmutableSortedDictionary(n => n.Name, n => n.HostId.ToString(), StringComparer.Ordinal);
        return told.IsEmpty ? null : told;
    }
}
