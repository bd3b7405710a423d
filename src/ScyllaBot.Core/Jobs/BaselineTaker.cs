using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Measures what conditions of a node's remaining steps will compare with, while nobody has touched the node yet.</summary>
/// <param name="run">The job.</param>
/// <param name="steps">The step that holds the node, and those after it.</param>
internal sealed class BaselineTaker(JobRun run, ImmutableArray<Step<NodeContext>> steps)
{
    /// <returns>One event for each number that is not known yet; what can not be read is left out and logged.</returns>
    public async Task<ImmutableArray<JobEvent>> TakeAsync(NodeContext context, CancellationToken ct)
    {
        var taken = ImmutableArray.CreateBuilder<JobEvent>();
        var node = context.Node.Name;
        foreach (var condition in steps.SelectMany(ConditionsOf).OfType<IBaselined<NodeContext>>().DistinctBy(c => c.BaselineKey, StringComparer.Ordinal))
        {
            if (run.Job.Baseline(node, condition.BaselineKey) is null && await MeasureAsync(condition, context, ct) is { } value)
            {
                taken.Add(new BaselineTaken(run.Time.GetUtcNow(), node, condition.BaselineKey, value));
            }
        }

        return taken.ToImmutable();
    }

    private static IEnumerable<ICondition<NodeContext>> ConditionsOf(Step<NodeContext> step) =>
        (step.Task is WaitForConditions wait ? wait.Conditions : []).Concat(step.Task.Preconditions).Select(Inner);

    private static ICondition<NodeContext> Inner(ICondition<NodeContext> condition) => condition switch
    {
        ConditionCheck<NodeContext> check => Inner(check.Condition),
        ConditionCheck<ClusterContext> check => Inner(check.Condition),
        _ => condition,
    };

    private static async Task<double?> MeasureAsync(IBaselined<NodeContext> condition, NodeContext context, CancellationToken ct)
    {
        try
        {
            var value = await condition.MeasureAsync(context, ct);
            context.Log.Write(FormattableString.Invariant($"Baseline {condition.BaselineKey}: {value:0.###}"));
            return double.IsFinite(value) ? value : null;
        }
        catch (RecoverableException unreadable)
        {
            context.Log.Write($"Baseline {condition.BaselineKey}: none, {unreadable.Message}");
            return null;
        }
    }
}
