using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>The node catches up with group0, which proves that raft has its majority (facts 1.18, R25).</summary>
[Tag("read-barrier", "Raft read barrier", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("seconds: 30")]
public sealed record ReadBarrier : IClusterTask
{
    /// <value>Default 60.</value>
    [Description("How long the node may try"), Range(1, 3600)]
    public int Seconds { get; init; } = 60;

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct) =>
        await context.Api(context is NodeContext subject ? subject.Node : await Witness.OfAsync(context, ct)).ReadBarrierAsync(Seconds, ct);
}
