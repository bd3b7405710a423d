using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// R30: a job goes on with the tasks it was planned with. Where this version of the bot has another one for what is still to be done, the job halts
/// before anything of it runs, and asks.
/// </summary>
internal sealed class JobUpgrade(JobRun run)
{
    private ImmutableSortedDictionary<string, string>? _judged;
    private bool _isSettled = true;

    /// <summary>Nothing is to be asked: the tasks are those that the job knows, or somebody said go on with these.</summary>
    public bool IsSettled
    {
        get
        {
            // What is still to be done only shrinks, so an answer holds until somebody agrees to other tasks.
            if (!ReferenceEquals(_judged, run.Job.Tasks))
            {
                (_judged, _isSettled) = (run.Job.Tasks, Changed().IsEmpty);
            }

            return _isSettled;
        }
    }

    /// <summary>What is to be stored with a new job.</summary>
    public static ImmutableSortedDictionary<string, string> Of(Workflow workflow) => TaskFingerprint.Within(Parts(workflow, _ => false));

    /// <returns>True when the job halted, or is halted because of it.</returns>
    public async Task<bool> HaltAsync()
    {
        if (run.Job.Pause is { Cause: PauseCause.ByHand })
        {
            // Nothing of it runs until it is handed back; then it is asked.
            return false;
        }

        if (run.Job.State is not (JobState.Running or JobState.Holding or JobState.Pausing) || IsSettled || Changed() is not { IsEmpty: false } changed)
        {
            return false;
        }

        var now = run.Time.GetUtcNow();
        var why = $"this version of ScyllaBot does something else in what is still to be done: {string.Join(", ", changed.Take(8))}{(changed.Length > 8 ? $" and {changed.Length - 8} more" : "")} (R30)";
        await run.AppendAsync(job => job.State is JobState.Running or JobState.Holding or JobState.Pausing
            ? [new Halted(now, Job.UpgradeKey, false, why, SafeNow(job)) { Tasks = Pending() }] : []);
        return true;
    }

    private static string SafeNow(Job job) =>
        (job.IsAtSafePoint ? "No node is down by this job, and nothing of it runs. " : $"{string.Join(", ", job.Held.Keys)} may be down by us; bring them up, or let the job go on. ")
        + "Retry goes on with the tasks of this version; abort ends the job.";

    private ImmutableArray<string> Changed() => run.Job.Tasks is not { } known ? [] :
    [
        .. Pending().Where(p => known.GetValueOrDefault(p.Key) != p.Value).Select(p => known.ContainsKey(p.Key) ? $"!{p.Key} has changed" : $"!{p.Key} is new"),
    ];

    private ImmutableSortedDictionary<string, string> Pending() =>
        TaskFingerprint.Within(Parts(run.Bound.Workflow, i => run.Job.HasPassed(new StepKey(JobPaths.Cluster(i), null))));

    private static IEnumerable<object?> Parts(Workflow workflow, Func<int, bool> hasPassed) =>
        [.. workflow.ClusterTasks.Where((_, i) => !hasPassed(i)), workflow.Always, workflow.Guards];
}
