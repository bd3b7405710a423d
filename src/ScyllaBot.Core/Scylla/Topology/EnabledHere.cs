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
        return WhyNever(context.Cluster) is { } why ? throw new UnrecoverableException(why) : Task.FromResult<string?>(null);
    }

    /// <summary>The same for a plan, before anybody approves anything.</summary>
    public string? WhyNever(Cluster cluster) => cluster.Enables.Contains(What) || (OnlyInProduction && cluster.Environment != ClusterEnvironment.Production)
        ? null : $"{What} is off for {cluster.Name} ({cluster.Environment.ToString().ToLowerInvariant()}): it is not listed under enables (R17)";
}
