using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a failed attempt leads to: another attempt (R8), a tolerated failure, or a halt and one ping (R7).</summary>
internal sealed class StepFailure<TContext>(JobRun run, Step<TContext> step, StepKey key, bool held)
    where TContext : ClusterContext
{
    private static readonly TimeSpan MostDelay = TimeSpan.FromHours(1);

    /// <summary>How often an aborted job looks after a unit of which nobody knows whether it has ended.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <summary>A restore or always step.</summary>
    public bool IsRescue { get; init; }

    /// <param name="attempt">Which.</param>
    /// <param name="failure">What it met.</param>
    /// <param name="unsettled">See <see cref="StepFailed.Unsettled"/>.</param>
    /// <exception cref="ParkedException">The job halted.</exception>
    /// <exception cref="NodeSkippedException">The node's other steps are dropped.</exception>
    public async Task RecordAsync(int attempt, Exception failure, ImmutableArray<string>? unsettled)
    {
        var recoverable = failure is RecoverableException;
        var why = Shortened.To(FailureText.Of(failure), 1500);
        var now = run.Time.GetUtcNow();
        var failures = run.Job.Step(key)!.Failures;
        bool? isOver = failure is RecoverableException { IsOver: true } or UnrecoverableException { IsOver: true } && run.Job.Step(key)!.Unit is not null ? true : null;
        if (recoverable && failures < step.Retries)
        {
            await run.AppendAsync(new StepFailed(now, key, attempt, true, why, now + Delay(failures)) { Unsettled = unsettled, IsUnitOver = isOver });
            return;
        }

        var failed = new StepFailed(now, key, attempt, recoverable, why, null) { Unsettled = unsettled, IsUnitOver = isOver };
        if (!held && step.OnFailure == OnFailure.Continue)
        {
            await run.AppendAsync(failed, new StepSkipped(now, key, why));
            return;
        }

        var isSkipped = false;
        await run.AppendAsync(job =>
        {
            var givenUp = IsRescue || step.OnFailure != OnFailure.Halt ? null : JobPaths.MayGiveUp(run.Bound.Workflow, job, key);
            isSkipped = !held && (givenUp is not null || step.OnFailure == OnFailure.SkipNode) && key.Node is not null && job.State is (JobState.Running or JobState.Holding);
            return isSkipped ? [failed, new NodeSkipped(now, key.Node!, null, why) { GivenUp = givenUp }]
                // R4: on the way out of an aborted job nobody is needed for a step that does not belong to that way; a held node is restored.
                // Nor once its lease was taken away: it is nobody's to retry.
                // R5: what may be under way is looked after all the same.
                : job.State == JobState.Aborting && !IsRescue && !held && isOver is null && job.Step(key) is { Unit: not null } ? [failed with { RetryAt = now + LookAgain }]
                : job.State == JobState.Paused || (job.State == JobState.Aborting && !IsRescue) ? [failed]
                : [failed, .. run.Guards.View(now), new Halted(now, key, recoverable, why, SafeNow(job, key))];
        });
        throw isSkipped ? new NodeSkippedException(why) : new ParkedException($"{key}: {why}");
    }

    private TimeSpan Delay(int failures)
    {
        var seconds = step.RetryDelay.TotalSeconds * Math.Pow(step.RetryBackoff, failures);
        return seconds < MostDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : MostDelay;
    }

    /// <summary>R7: what is safe now, in a sentence.</summary>
    private static string SafeNow(Job job, StepKey key)
    {
        var siblings = job.Held.Keys.Where(n => n != key.Node).ToArray();
        var down = key.Node is { } node && job.Held.ContainsKey(node)
            ? $"{node} may be down by us and stays so until it is retried or brought up; every range kept its quorum when it was taken down. "
            : "No node is down because of this step. ";
        return down + (siblings.Length > 0 ? $"{string.Join(", ", siblings)} finish their own steps; no" : "No") + " further node is started.";
    }
}
