using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Waits until conditions of the whole cluster hold, each for its own window: <see cref="WaitForConditions"/> between node workflows.</summary>
[Tag("wait-for-cluster", "Wait for cluster conditions", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("""
    conditions:
      - condition: !no-topology-change
        success_window_seconds: 30
        timeout_seconds: 3600
    """)]
public sealed record WaitForCluster : IClusterTask
{
    [Description("Checks that must all pass"), MinLength(1)]
    public required IReadOnlyList<ConditionCheck<ClusterContext>> Conditions { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => context.Wait.ForAsync(Conditions, context, ct);
}
