using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// The cluster may be a shadow of its source: not production, enabled in the inventory, another cluster than the source, and no machine of
/// it is anybody else's (R17, facts 7.49). Production is refused already at the plan.
/// </summary>
[Tag("shadow-apart", "Shadow is apart from its source")]
[Example("source: messages-prd")]
public sealed record ShadowApart : IClusterCondition, IRefusesClusters
{
    [Description("Cluster whose data the shadow is to have"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    public string? WhyNever(Cluster cluster, Inventory inventory) => ShadowRules.WhyNever("shadow-cluster", cluster, Source, inventory);

    /// <exception cref="UnrecoverableException">It is not, and no waiting will change that.</exception>
    public Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct) =>
        WhyNever(context.Cluster, context.Inventory) is { } why ? throw new UnrecoverableException(why) : Task.FromResult<string?>(null);
}
