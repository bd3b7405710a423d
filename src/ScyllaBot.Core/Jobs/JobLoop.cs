using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Drives one job from wherever its journal stands to its end. A pass runs the workflow and skips what has passed, so the same code
/// serves the first run, a retry, a resume and a new host.
/// </summary>
internal sealed class JobLoop(JobRun run)
{
    private Job Job => run.Job;

    /// <summary>Returns when the job has ended or the host stops.</summary>
    public async Task RunAsync()
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
        switch (Job.State)
        {
            case JobState.Running when Job.Abort is null:
                await PassAsync();
                await FinishAsync(JobOutcome.Succeeded, "every step passed");
                return true;
            case JobState.Running or JobState.Aborting:
                await WindDownAsync();
                return true;
            case JobState.Pausing:
                await FinishHeldAsync();
                if (Job is { State: JobState.Pausing, IsAtSafePoint: true })
                {
                    await run.AppendAsync(job => job is { State: JobState.Pausing, IsAtSafePoint: true } ? [new PauseReached(run.Time.GetUtcNow())] : []);
                    return true;
                }

                return false;
            case JobState.Halted:
                await FinishHeldAsync();
                return await RestoreAskedAsync();
            case JobState.Waiting when Job.Approvals.GetValueOrDefault(Approvals.Start) is { } start:
                return await StartApprovalAsync(start);
            default:
                return false;
        }
    }

    private async Task PassAsync()
    {
        for (var i = 0; i < run.Bound.Workflow.ClusterTasks.Count; i++)
        {
            await ClusterStepAsync(run.Bound.Workflow.ClusterTasks[i], new StepKey(JobPaths.Cluster(i), null), i, rescue: false);
        }
    }

    private Task ClusterStepAsync(Step<ClusterContext> step, StepKey key, int index, bool rescue)
    {
        var fanOut = new NodeRollout(run, index);
        return new StepRunner<ClusterContext>(run, step, key, attempt => run.Context(key, attempt, fanOut)) { IsRescue = rescue }.RunAsync();
    }

    /// <summary>R3: nodes that are held and have not failed finish their own steps.</summary>
    private async Task FinishHeldAsync()
    {
        foreach (var clusterStep in Job.Held.Values.Select(h => JobPaths.ClusterStepOf(h.Key)).Distinct().Order().ToArray())
        {
            if (run.Bound.Workflow.ClusterTasks[clusterStep].Task is NodeWorkflow workflow
                && Job.Held.Values.Any(h => JobPaths.ClusterStepOf(h.Key) == clusterStep && !JobPaths.HasFailed(Job, h.Node)))
            {
                try
                {
                    await new NodeRollout(run, clusterStep).RunAsync(workflow, CancellationToken.None);
                }
                catch (ParkedException)
                {
                    // All that may finish has finished.
                }
            }
        }
    }

    private async Task<bool> RestoreAskedAsync()
    {
        if (Job.State != JobState.Halted || Job.Restoring.IsEmpty)
        {
            return false;
        }

        foreach (var node in Job.Restoring)
        {
            await RestoreAsync(node);
        }

        return true;
    }

    private async Task RestoreAsync(string name)
    {
        var node = run.Bound.Cluster.Find(name) ?? throw new IllegalTransitionException($"{name} is held, but not in the inventory");
        var clusterStep = Job.Held.TryGetValue(name, out var held) ? JobPaths.ClusterStepOf(held.Key) : FirstNodeWorkflow();
        await new NodeRollout(run, clusterStep).RestoreAsync(node);
    }

    private int FirstNodeWorkflow() =>
        run.Bound.Workflow.ClusterTasks.Select((s, i) => (s, i)).First(x => x.s.Task is NodeWorkflow).i;

    /// <summary>R4: nobody is left lying. Held nodes finish, or are restored; then the always steps; then the lease is free.</summary>
    private async Task WindDownAsync()
    {
        if (Job.Abort is { Now: false })
        {
            await FinishHeldAsync();
        }

        foreach (var node in Job.Held.Keys)
        {
            await RestoreAsync(node);
        }

        await FinishAsync(JobOutcome.Aborted, $"aborted by {Job.Abort!.By.Name}");
    }

    private async Task FinishAsync(JobOutcome outcome, string why)
    {
        var always = run.Bound.Workflow.Always;
        if (always.Count > 0 && !Job.IsFinishing)
        {
            await run.AppendAsync(new AlwaysStarted(run.Time.GetUtcNow()));
        }

        for (var i = 0; i < always.Count; i++)
        {
            await ClusterStepAsync(always[i], JobPaths.Always(i), -1, rescue: true);
        }

        await run.AppendAsync(job => JobTransitions.After(job.State, new Ended(default, outcome, why)) is null || (job.Abort is not null && outcome == JobOutcome.Succeeded)
            ? [] : EndOf(job, outcome, why));
    }

    private ImmutableArray<JobEvent> EndOf(Job job, JobOutcome outcome, string why)
    {
        var now = run.Time.GetUtcNow();
        return job.LeaseEpoch > 0
            ? [new LeaseReleased(now, job.Cluster, job.LeaseEpoch), new Ended(now, outcome, why)]
            : [new Ended(now, outcome, why)];
    }

    /// <summary>R16: granted → begins; refused or expired → the plan is void and the lease free.</summary>
    private async Task<bool> StartApprovalAsync(ApprovalState start)
    {
        var now = run.Time.GetUtcNow();
        if (start.IsGranted)
        {
            await run.AppendAsync(job => job.State == JobState.Waiting ? [new Began(now)] : []);
            return true;
        }

        if (start.RefusedBy is { } by)
        {
            await run.AppendAsync(job => EndOf(job, JobOutcome.Refused, $"refused by {by.Name}: {start.RefusedWhy}"));
            return true;
        }

        if (start.Asked.Expires > now)
        {
            return false;
        }

        await run.AppendAsync(job => job.Approvals[Approvals.Start].IsOpen
            ? [new ApprovalExpired(now, Approvals.Start), .. EndOf(job, JobOutcome.Refused, "nobody approved in time")] : []);
        return true;
    }

    private async Task WaitAsync(Task changed)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(run.HostStopping);
        var expiry = Job.State == JobState.Waiting && Job.Approvals.GetValueOrDefault(Approvals.Start) is { IsOpen: true } start
            ? Later(start.Asked.Expires - run.Time.GetUtcNow()) : Timeout.InfiniteTimeSpan;
        await Task.WhenAny(changed, Task.Delay(expiry, run.Time, timer.Token));
        timer.Cancel();
    }

    private static TimeSpan Later(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
}

/// <summary>Well-known approval keys.</summary>
public static class Approvals
{
    /// <summary>Before anything runs.</summary>
    public const string Start = "start";
}
