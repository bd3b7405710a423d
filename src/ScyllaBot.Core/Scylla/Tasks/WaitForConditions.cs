using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Waits until all its checks have held, each for its whole window. The last one of a node ends its being held (R2).</summary>
[Tag("wait-for-conditions", "Wait for conditions", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("""
    conditions:
      - condition: !is-up-normal
        success_window_seconds: 30
        timeout_seconds: 3600
    """)]
public sealed record WaitForConditions : INodeTask
{
    [Description("Checks that must all pass"), MinLength(1)]
    public required IReadOnlyList<ConditionCheck<NodeContext>> Conditions { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => context.Wait.ForAsync(Conditions, context, ct);
}
