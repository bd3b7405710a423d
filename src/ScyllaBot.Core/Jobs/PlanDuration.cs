using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>How long a run will take, by the journals of earlier ones on the same cluster: medians, so that one long night does not count.</summary>
internal sealed class PlanDuration(IJobStore store)
{
    private const int Looked = 100, Used = 5;

    public async Task<string> OfAsync(Plan plan, Workflow workflow, ClusterSnapshot snapshot, CancellationToken ct)
    {
        var earlier = (await store.ListJobsAsync(new JobFilter(plan.Cluster.Name, Limit: Looked), ct))
            .Where(j => j.Outcome == JobOutcome.Succeeded && j.WorkflowName == plan.Request.Workflow).Take(Used).ToArray();
        var journals = new List<ImmutableArray<JobEvent>>();
        foreach (var job in earlier)
        {
            journals.Add([.. (await store.ReadAsync(StreamId.Of(job.Id), 0, ct)).Select(e => (JobEvent)e.Event)]);
        }

        return Of(plan, workflow, w => ChosenNodes.Preview(w, plan.Targets, snapshot), journals);
    }

    /// <param name="over">Whom a node workflow goes over.</param>
    public static string Of(Plan plan, Workflow workflow, Func<NodeWorkflow, ImmutableArray<TargetNode>> over, IReadOnlyList<ImmutableArray<JobEvent>> earlier)
    {
        if (earlier.Count == 0)
        {
            return "no earlier run";
        }

        var (total, unknown) = (TimeSpan.Zero, false);
        TimeSpan? perNode = null;
        for (var i = 0; i < workflow.ClusterTasks.Count; i++)
        {
            var path = JobPaths.Cluster(i);
            if (workflow.ClusterTasks[i].Task is NodeWorkflow nodes)
            {
                var node = Median(earlier.SelectMany(j => NodeTimes(j, path + ".")));
                perNode ??= node;
                var waves = RollingPlan.Of(over(nodes), plan.Scope.Tighten(nodes)).Waves;
                total += (node ?? TimeSpan.Zero) * waves.Sum(w => Math.Ceiling((double)w.Nodes.Length / w.Limit));
                unknown |= node is null;
            }
            else
            {
                var step = Median(earlier.SelectMany(j => StepTimes(j, path)));
                total += step ?? TimeSpan.Zero;
                unknown |= step is null;
            }
        }

        var runs = $"{earlier.Count} earlier run{(earlier.Count == 1 ? "" : "s")}";
        return $"{(unknown ? "at least" : "about")} {Lengths.Of(total)}{(perNode is { } each ? $", {Lengths.Of(each)} a node" : "")}, by {runs}";
    }

    private static IEnumerable<TimeSpan> NodeTimes(ImmutableArray<JobEvent> journal, string prefix) => journal
        .Select(e => e switch { StepStarted s => (s.Key, s.At), StepSucceeded s => (s.Key, s.At), _ => ((StepKey Key, DateTimeOffset At)?)null })
        .Where(e => e is { Key: { Node: not null, Path: var path } } && path.StartsWith(prefix, StringComparison.Ordinal) && !JobPaths.IsRestore(path))
        .GroupBy(e => e!.Value.Key.Node!, StringComparer.Ordinal).Select(g => g.Max(e => e!.Value.At) - g.Min(e => e!.Value.At));

    private static IEnumerable<TimeSpan> StepTimes(ImmutableArray<JobEvent> journal, string path)
    {
        var begun = journal.OfType<StepStarted>().FirstOrDefault(s => s.Key == new StepKey(path, null));
        var done = journal.OfType<StepSucceeded>().LastOrDefault(s => s.Key == new StepKey(path, null));
        return begun is null || done is null ? [] : [done.At - begun.At];
    }

    private static TimeSpan? Median(IEnumerable<TimeSpan> times) => times.Order().ToArray() is { Length: > 0 } sorted ? sorted[sorted.Length / 2] : null;
}
