using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Where a rollout stops at a safe point to run cluster steps: between two batches, and before its last node. It votes against nodes that lie behind a
/// stop, and says which stop is due once nobody is at work. What has passed is in the journal, so it resumes like everything else.
/// </summary>
/// <param name="job">The job as it stands.</param>
/// <param name="path">Of the node workflow.</param>
internal sealed class RolloutStops(Func<Job> job, string path, NodeWorkflow workflow) : IRollingConstraint
{
    /// <summary>A stop's own part of its steps' paths, and the steps.</summary>
    public sealed record Stop(string Name, IReadOnlyList<Step<ClusterContext>> Steps);

    public static string AfterBatch(int batch) => $"{BetweenBatches}{batch.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <summary>In a plan, where nobody knows yet how many batches there will be.</summary>
    public const string BetweenBatches = "b";

    public const string BeforeLast = "l";

    public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress)
    {
        if (progress.Begun.Contains(candidate.Name))
        {
            return null;
        }

        if (Between(plan.BatchOf(candidate.Name) - 1) is { } between && !HasPassed(between))
        {
            return $"what comes after batch {plan.BatchOf(candidate.Name) - 1} runs first";
        }

        return Last is { } last && IsLast(candidate.Name, plan, progress) && !HasPassed(last) ? "it is the last node, and what comes before that runs first" : null;
    }

    /// <summary>Asked only while nobody is at work and nobody may start.</summary>
    /// <returns>Null: none.</returns>
    public Stop? Due(RollingPlan plan, RollingProgress progress)
    {
        var next = plan.Nodes.FirstOrDefault(n => !progress.Done.Contains(n.Name));
        if (next is null || !progress.Begun.IsEmpty || !job().IsAtSafePoint)
        {
            return null;
        }

        return Between(plan.BatchOf(next.Name) - 1) is { } between && !HasPassed(between) ? between
            : Last is { } last && IsLast(next.Name, plan, progress) && !HasPassed(last) ? last
            : null;
    }

    private Stop? Last => workflow.BeforeLastNode.Count > 0 ? new Stop(BeforeLast, workflow.BeforeLastNode) : null;

    private Stop? Between(int batch) => batch > 0 && workflow.BetweenBatches.Count > 0 ? new Stop(AfterBatch(batch), workflow.BetweenBatches) : null;

    private static bool IsLast(string candidate, RollingPlan plan, RollingProgress progress) => plan.Nodes.All(n =>
        n.Name == candidate || progress.Done.Contains(n.Name) || progress.Working.Contains(n.Name) || progress.Begun.Contains(n.Name));

    private bool HasPassed(Stop stop) => Enumerable.Range(0, stop.Steps.Count).All(i => job().HasPassed(JobPaths.Stop(path, stop.Name, i)));
}
