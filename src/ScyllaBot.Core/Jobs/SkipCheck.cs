using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Looks once at what something is skipped by. What can not be read does not hold: then it is done, and its own preconditions judge.</summary>
internal static class SkipCheck
{
    /// <returns>The reason, when all of them hold; otherwise null.</returns>
    public static async Task<string?> WhyAsync<TContext>(IReadOnlyList<Criterion<TContext>> criteria, TContext context, CancellationToken ct)
        where TContext : ClusterContext
    {
        foreach (var criterion in criteria)
        {
            if (await WhyNotAsync(criterion.Condition, context, ct) is { } why)
            {
                context.Log.Write($"Not skipped: {criterion.Condition.Title}: {why}");
                return null;
            }
        }

        return criteria.Count == 0 ? null : $"it holds already: {string.Join(", ", criteria.Select(c => c.Condition.Title))}";
    }

    private static async Task<string?> WhyNotAsync<TContext>(ICondition<TContext> condition, TContext context, CancellationToken ct)
    {
        try
        {
            return await condition.WhyNotAsync(context, ct);
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return unreadable.Message;
        }
    }
}
