using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Waits until no topology operation and no tablet migration is in flight (facts 1.18). New ones may begin right after, unless balancing is off.</summary>
[Tag("quiesce-topology", "Wait until the topology is quiet", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("patience_seconds: 14400")]
public sealed record QuiesceTopology : IClusterTask
{
    /// <value>Default 4 h.</value>
    [Description("How long to wait"), Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(4);

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct) =>
        await context.Api(await Witness.OfAsync(context, ct)).QuiesceTopologyAsync(Patience, ct);
}
