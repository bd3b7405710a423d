using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What somebody tuned, read at every choice of a node: it only tightens.</summary>
internal sealed class TuneVote(JobRun run, int clusterStep) : IRollingConstraint
{
    public string? WhyNot(TargetNode candidate, RollingPlan plan, RollingProgress progress)
    {
        var tuning = run.Job.Tuning;
        return tuning?.Limit is { } limit && progress.Working.Count >= limit ? $"tuned to at most {limit} at work"
            : StopAfter is { } stop && !progress.Begun.Contains(candidate.Name) && Counted(progress) >= stop ? $"tuned to stop after {stop} nodes"
            : null;
    }

    /// <summary>The most that any of its rollouts may have at work.</summary>
    public static int PlannedLimit(JobRun run) =>
        run.Bound.Workflow.Rollouts()
            .Select(w => Math.Min(w.ConcurrencyLimit, run.Job.Birth.Scope?.Limit ?? w.ConcurrencyLimit)).DefaultIfEmpty(1).Max();

    /// <summary>R8, R21: who is left out because of it is left out by name, and the job ends as one that did what it was told.</summary>
    public ImmutableArray<JobEvent> LeftOut(RollingPlan plan, RollingProgress progress) =>
        run.Job.State == JobState.Running && StopAfter is { } stop && progress.Working.IsEmpty && progress.Begun.IsEmpty && Counted(progress) >= stop
            ? [.. plan.Nodes.Where(n => !progress.Done.Contains(n.Name)).Select(n => new NodeSkipped(run.Time.GetUtcNow(), n.Name, null, $"stopped after {stop} nodes"))]
            : [];

    // It counts the job's targets: a rollout over others, such as the ring, goes over all of them.
    private int? StopAfter => run.Bound.Workflow.ClusterTasks.ElementAtOrDefault(clusterStep)?.Task is NodeWorkflow workflow && NodeSelection.IsTargets(workflow.Nodes)
        ? run.Job.Tuning?.StopAfter : null;

    // Whoever was skipped does not count as one of those that were done.
    private int Counted(RollingProgress progress) =>
        progress.Done.Count(n => !run.Job.SkippedNodes.ContainsKey(n)) + progress.Working.Count + progress.Begun.Count;
}
