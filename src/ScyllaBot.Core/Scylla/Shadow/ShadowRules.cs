using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Shadow;

/// <summary>Where a shadow cluster may be made, fed and torn down (R17, facts 7.49): never in production, never on anybody else's machines.</summary>
internal static class ShadowRules
{
    /// <param name="what">The word under <c>enables</c>.</param>
    /// <param name="cluster">The shadow.</param>
    /// <param name="source">Whose data it is to have; null where that does not matter.</param>
    /// <param name="inventory">All clusters there are.</param>
    /// <returns>Why not; null where it may be done.</returns>
    public static string? WhyNever(string what, Cluster cluster, string? source, Inventory inventory) =>
        cluster.Environment == ClusterEnvironment.Production
            ? $"{cluster.Name} is production: no shadow cluster is made of it and nothing of it is torn down, whatever the inventory enables (R17)"
            : !cluster.Enables.Contains(what)
                ? $"{what} is off for {cluster.Name} ({cluster.Environment.ToString().ToLowerInvariant()}): it is not listed under enables (R17)"
            : inventory.Find(cluster.Name) is null ? $"the inventory does not know {cluster.Name} any more"
            : WhyNotSource(cluster, source, inventory)
                ?? inventory.Clusters.Where(other => other.Name != cluster.Name).Select(other => Shared(cluster, other)).FirstOrDefault(why => why is not null);

    /// <summary>The cluster whose data is copied.</summary>
    /// <exception cref="UnrecoverableException">There is none of that name.</exception>
    public static Cluster Source(ClusterContext context, string name) => context.Inventory.Find(name)
        ?? throw new UnrecoverableException($"there is no cluster {name} in the inventory");

    private static string? WhyNotSource(Cluster cluster, string? source, Inventory inventory) => source is null ? null
        : source == cluster.Name ? $"{cluster.Name} can not be the shadow of itself: source names another cluster"
        : inventory.Find(source) is null
            ? $"there is no cluster {source} in the inventory{(Nearest.To(source, inventory.Clusters.Select(c => c.Name)) is { } near ? $"; {near}?" : "")}"
        : null;

    /// <summary>Machines that two clusters both claim: tearing one down would take the other's.</summary>
    private static string? Shared(Cluster cluster, Cluster other)
    {
        foreach (var (mine, theirs) in cluster.Nodes.SelectMany(mine => other.Nodes.Select(theirs => (mine, theirs))))
        {
            var what = Same(mine.Name, theirs.Name) ? $"the name {mine.Name}"
                : Same(mine.Address, theirs.Address) ? $"the address {mine.Address}"
                : mine.HostId != Guid.Empty && mine.HostId == theirs.HostId ? $"the host id {mine.HostId}"
                : mine.Access is { } access && Same(access.SshHost, theirs.Access?.SshHost ?? theirs.Name) ? $"the ssh host {access.SshHost}"
                : mine.Commands is not null && mine.Commands == theirs.Commands ? $"the command channel {mine.Commands}"
                : null;
            if (what is not null)
            {
                return $"{mine.Name} of {cluster.Name} and {theirs.Name} of {other.Name} have {what} in common: a shadow has machines of its own";
            }
        }

        return null;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
