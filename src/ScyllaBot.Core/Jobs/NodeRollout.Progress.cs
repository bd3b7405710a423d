namespace ScyllaBot.Core.Jobs;

/// <summary>How far it is, and why not further.</summary>
internal sealed partial class NodeRollout
{
    private const int MostExplained = 5;

    private RollingProgress Progress(RollingPlan plan)
    {
        var touched = JobPaths.Touched(run.Job, _path);
        var done = plan.Nodes.Select(n => n.Name).Where(n => JobPaths.IsDone(run, clusterStep, n)).ToImmutableSortedSet(StringComparer.Ordinal);
        var begun = plan.Nodes.Select(n => n.Name)
            .Where(n => !done.Contains(n) && !_working.Contains(n) && (touched.Contains(n) || run.Job.Held.ContainsKey(n)));
        return new RollingProgress(
            done, _working.ToImmutableSortedSet(StringComparer.Ordinal), begun.ToImmutableSortedSet(StringComparer.Ordinal));
    }

    private void Explain(RollingPlan plan)
    {
        var progress = Progress(plan);
        run.WhyNot =
        [
            .. plan.Nodes.Where(n => !progress.Done.Contains(n.Name) && !progress.Working.Contains(n.Name))
                .OrderBy(n => n.Name == run.GoesLast ? 1 : 0).Take(MostExplained).Select(n => (n.Name, Why: plan.WhyNot(n, progress)))
                .TakeWhile(n => n.Why is not null).Select(n => (n.Name, n.Why!)),
        ];
    }
}
