using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>The inventory lists the operation under the cluster's <c>enables</c> (R17).</summary>
/// <param name="What">The task's tag.</param>
/// <param name="OnlyInProduction">Elsewhere it needs no listing.</param>
internal sealed record EnabledHere(string What, bool OnlyInProduction) : INodeCondition
{
    public string Title => "Operation is enabled for the cluster";

    /// <exception cref="UnrecoverableException">It is not, and no waiting will change that.</exception>
    public Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var cluster = context.Cluster;
        return cluster.Enables.Contains(What) || (OnlyInProduction && cluster.Environment != ClusterEnvironment.Production)
            ? Task.FromResult<string?>(null)
            : throw new UnrecoverableException(
                $"{What} is off for {cluster.Name} ({cluster.Environment.ToString().ToLowerInvariant()}): it is not listed under enables (R17)");
    }
}
