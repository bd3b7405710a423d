using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>What must hold before a movement begins. Entered again while it runs, or after it, nobody asks any more: the movement itself breaks most of it.</summary>
/// <param name="Inner">The condition.</param>
/// <param name="HasBegunAsync">Whether it is too late to ask.</param>
internal sealed record UnlessBegun(INodeCondition Inner, Func<NodeContext, CancellationToken, Task<bool>> HasBegunAsync) : INodeCondition, IConditionAround
{
    public string Title => Inner.Title;

    ITagged IConditionAround.Inner => Inner;

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct) =>
        await HasBegunAsync(context, ct) ? null : await Inner.WhyNotAsync(context, ct);

    public static IReadOnlyList<INodeCondition> All(Func<NodeContext, CancellationToken, Task<bool>> hasBegun, params ReadOnlySpan<INodeCondition> conditions)
    {
        var all = ImmutableArray.CreateBuilder<INodeCondition>();
        foreach (var condition in conditions)
        {
            all.Add(new UnlessBegun(condition, hasBegun));
        }

        return all.ToImmutable();
    }
}
