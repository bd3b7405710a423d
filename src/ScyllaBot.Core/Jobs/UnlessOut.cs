using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// R3: a node that we hold and that serves nobody takes nothing from anybody by its next <c>takes_down</c>. So what is wrong with others does not
/// keep it from its own steps, which are its way back; asked anew at each look, for others may die while it waits.
/// </summary>
/// <param name="Inner">What is asked otherwise.</param>
internal sealed record UnlessOut<TContext>(ICondition<TContext> Inner) : ICondition<TContext>, IConditionAround
    where TContext : ClusterContext
{
    public string Title => Inner.Title;

    ITagged IConditionAround.Inner => Inner;

    public async Task<string?> WhyNotAsync(TContext context, CancellationToken ct) =>
        context is NodeContext subject && (await context.Watch.ReadAsync(ClusterNormal.Freshness, ct)).ServesNobody(subject.Node)
            ? null : await Inner.WhyNotAsync(context, ct);

    /// <summary>The preconditions of a node that is already held: only that the cluster is normal is not asked without need.</summary>
    public static IReadOnlyList<ICondition<TContext>> Over(IReadOnlyList<ICondition<TContext>> preconditions) =>
        [.. preconditions.Select(c => c is ClusterNormal ? new UnlessOut<TContext>(c) : c)];
}
