using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Drives one job from wherever its journal stands to its end. A pass runs the workflow and skips what has passed, so the same code
/// serves the first run, a retry, a resume and a new host.
/// </summary>
internal sealed partial class JobLoop(JobRun run)
{
    private readonly PausePoint _pause = new(run);
    private readonly UnderTasks _unders = new(run);

    private Job Job => run.Job;

    /// <summary>Returns when the job has ended or the host stops.</summary>
    public async Task RunAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(run.HostStopping);
        var guards = run.Guards.RunAsync(end.Token);
        var calls = new CallWatch(run).RunAsync(end.Token);
        var unders = _unders.RunAsync(end.Token);
        var silences = AlertSilences.RenewUntilAsync(run.Context(new StepKey("silences", null), 0, new NodeRollout(run, -1)), () => HasSilenced(Job), end.Token);
        var moves = new MovementWatch(run).RunAsync(end.Token);
        try
        {
            await DriveAsync();
        }
        finally
        {
            end.Cancel();
            await guards;
            await calls;
            await unders;
            await moves;
            await silences;
        }
    }

    /// <summary>R28: whatever state it is in, halted too; not once its lease was taken away.</summary>
    private bool HasSilenced(Job job) => !job.IsUnlocked && (job.Unders.Values.Any(u => u.Asked.Task == AlertSilences.Setter)
        || job.Steps.Keys.Any(k => JobPaths.StepAt(run.Bound.Workflow, k.Path)?.Tag.Name == AlertSilences.Setter));

    private async Task DriveAsync()
    {
        while (Job.IsOpen && !run.HostStopping.IsCancellationRequested)
        {
            var changed = run.Changed.Next;
            try
            {
                if (!await AdvanceAsync())
                {
                    await WaitAsync(changed);
                }
            }
            catch (Exception end) when (end is ParkedException or OperationCanceledException)
            {
                // The journal says why; the next round goes on from there.
            }
        }
    }

    /// <returns>False when nothing is to be done before something changes.</returns>
    private async Task<bool> AdvanceAsync()
    {
        if (await run.Upgrade.HaltAsync())
        {
            return true;
        }

        switch (Job.State)
        {
            case JobState.Running:
                await PassAsync();
                await FinishAsync(JobOutcome.Succeeded, EndWords.Of(Job));
                return true;
            case JobState.Aborting when Job is { LeaseEpoch: 0, HasBegun: true } && (run.Bound.Workflow.Always.Count > 0 || Job.Owed.Any(d => d.Undo.ByItself || Job.PaysAll)):
                return await _pause.TakeLeaseAsync();
            case JobState.Aborting:
                return await WindDownAsync();
            case JobState.Pausing:
                await FinishUnitsAsync();
                await TendHeldAsync();
                return await _pause.ReachAsync();
            case JobState.Paused:
                return await _pause.TryGoOnAsync();
            case JobState.Waiting when PausePoint.WouldBegin(Job) && await _pause.TakeLeaseAsync():
                return true;
            case JobState.Waiting when Job.LeaseEpoch > 0 && !Job.Approvals.ContainsKey(Approvals.Start) && !IsStill:
                await BeginAsync();
                return true;
            case JobState.Halted or JobState.Holding:
                await TendHeldAsync();
                return await _pause.TakeOverAgainAsync();
            case JobState.Waiting when Job.Approvals.GetValueOrDefault(Approvals.Start) is { } start:
                return await StartApprovalAsync(start);
            default:
                return false;
        }
    }

    private async Task PassAsync()
    {
        var steps = run.Bound.Workflow.ClusterTasks;
        for (var i = 0; i < steps.Count; i++)
        {
            var key = new StepKey(JobPaths.Cluster(i), null);
            if (RepairRounds.Disrupts(steps[i]) && !Job.HasPassed(key))
            {
                await run.Gates.SuspendAsync();
            }

            await ClusterStepAsync(steps[i], key, i, rescue: false);
            if (!steps.Skip(i + 1).Any(RepairRounds.Disrupts))
            {
                await run.Gates.ResumeAsync();
            }
        }
    }

    private Task ClusterStepAsync(Step<ClusterContext> step, StepKey key, int index, bool rescue)
    {
        var fanOut = new NodeRollout(run, index);
        return new StepRunner<ClusterContext>(run, step, key, attempt => run.Context(key, attempt, fanOut)) { IsRescue = rescue }.RunAsync();
    }

    /// <summary>R3, R4: held nodes finish their own steps, or are brought back where that was asked for or the job is aborted.</summary>
    private async Task TendHeldAsync()
    {
        foreach (var clusterStep in Job.Held.Values.Select(h => JobPaths.ClusterStepOf(h.Key)).Distinct().Order().ToArray())
        {
            if (run.Bound.Workflow.ClusterTasks[clusterStep].Task is NodeWorkflow workflow)
            {
                await new NodeRollout(run, clusterStep).TendHeldAsync(workflow);
            }
        }
    }

    /// <summary>R4: nobody is left lying. Held nodes finish, or are restored; then the always steps; then the lease is free.</summary>
    private async Task<bool> WindDownAsync()
    {
        await FinishUnitsAsync();
        await TendHeldAsync();
        if (Job is not { State: JobState.Aborting, IsAtSafePoint: true })
        {
            return false;
        }

        if (await AwaitUnitsAsync() || await InFlight.WaitAsync(run))
        {
            return true;
        }

        await FinishAsync(JobOutcome.Aborted, $"aborted by {Job.Abort!.By.Name}");
        return true;
    }

    private async Task FinishAsync(JobOutcome outcome, string why)
    {
        IReadOnlyList<Step<ClusterContext>> always = Job.HasBegun ? run.Bound.Workflow.Always : [];
        if (always.Count > 0 && !Job.IsFinishing)
        {
            await run.AppendAsync(job => JobTransitions.After(job.State, new AlwaysStarted(default)) is null ? [] : [new AlwaysStarted(run.Time.GetUtcNow())]);
            if (!Job.IsFinishing)
            {
                return;
            }
        }

        await run.Gates.ResumeAsync(AlwaysAsync);
        for (var i = 0; i < always.Count; i++)
        {
            await AlwaysAsync(always[i], JobPaths.Always(i));
        }

        if (Job.HasBegun && !await new DebtsAtEnd(run, new NodeRollout(run, -1)).SettleAsync())
        {
            return;
        }

        await _unders.SettleAsync();
        await run.AppendAsync(job => UnderTasks.AreLeft(job) || JobTransitions.After(job.State, new Ended(default, outcome, why)) is null || (job.Abort is not null && outcome == JobOutcome.Succeeded)
            ? [] : EndOf(job, outcome, why));
    }

    /// <summary>One that can not pass must not keep the lease for ever: abort-now gives a failed one up.</summary>
    private async Task AlwaysAsync(Step<ClusterContext> step, StepKey key)
    {
        if (Job.Abort is { Now: true } && Job.Step(key) is { Status: StepStatus.Failed } failed)
        {
            await run.AppendAsync(new StepSkipped(run.Time.GetUtcNow(), key, $"given up by abort now: {failed.Why}"));
        }

        await ClusterStepAsync(AlwaysDebts.Tolerant(Job, step), key, -1, rescue: true);
        await AlwaysDebts.KeepAsync(run, step, key);
    }

    private ImmutableArray<JobEvent> EndOf(Job job, JobOutcome outcome, string why)
    {
        var now = run.Time.GetUtcNow();
        return job.LeaseEpoch > 0
            ? [new LeaseReleased(now, job.Cluster, job.LeaseEpoch), new Ended(now, outcome, why)]
            : [new Ended(now, outcome, why)];
    }

    private Task WaitAsync(Signal.Moment changed)
    {
        var expiry = Job.State == JobState.Waiting && Job.Approvals.GetValueOrDefault(Approvals.Start) is { IsOpen: true } start
            ? Later(start.Asked.Expires - run.Time.GetUtcNow()) : _pause.Patience;
        return changed.WaitAsync(expiry, run.HostStopping);
    }

    /// <summary>A wait that is over is waited for once more, for a moment: the loop looks at it then.</summary>
    internal static TimeSpan Later(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
}
