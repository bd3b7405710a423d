using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a pause does at its safe point (R3), and how one ends that no human ends: a yield (R18), a halt of the fleet (R20).</summary>
internal sealed class PausePoint(JobRun run)
{
    private static readonly TimeSpan RemindEvery = TimeSpan.FromHours(1);
    private readonly LeaseTurn _turn = new(run);
    private string? _drift;

    private Job Job => run.Job;

    /// <summary>It waits for nothing but the lease: nobody yields to a job that people have not agreed to.</summary>
    public static bool WouldBegin(Job job) => job is { State: JobState.Waiting, AwaitsLease: true }
        && (job.Approvals.GetValueOrDefault(Approvals.Start) is not { } start || start.IsGranted);

    /// <summary>How long it may be left alone.</summary>
    public TimeSpan Patience => Job switch
    {
        { State: JobState.Paused, Pause: { Cause: PauseCause.ByHand, Reminded: { } last } } => JobLoop.Later(last + RemindEvery - run.Time.GetUtcNow()),
        { State: JobState.Paused, Pause.Cause: PauseCause.Yield or PauseCause.FleetHalt } or { AwaitsLease: true } or { State: JobState.Aborting, LeaseEpoch: 0 } => LeaseTurn.LookAgain,
        _ => Timeout.InfiniteTimeSpan,
    };

    /// <returns>False: some node is still held.</returns>
    public async Task<bool> ReachAsync()
    {
        ImmutableArray<NodeSeen> seen = Job.Pause is { Cause: PauseCause.ByHand } && IsSafe(Job) ? await HandLook.AllAsync(run) : [];
        var now = run.Time.GetUtcNow();
        await run.AppendAsync(job => job.State != JobState.Pausing || !IsSafe(job) ? [] : job.Pause?.Cause switch
        {
            PauseCause.ByHand => [new HandsOff(now, seen)],
            PauseCause.Yield when job.LeaseEpoch > 0 => [new PauseReached(now), new LeaseReleased(now, job.Cluster, job.LeaseEpoch)],
            _ => [new PauseReached(now)],
        });
        return Job.State == JobState.Paused;
    }

    /// <summary>It halted on its way to whoever takes it over: that person gets it as it lies.</summary>
    /// <returns>True: something was written.</returns>
    public async Task<bool> TakeOverAgainAsync()
    {
        var before = Job.Sequence;
        await run.AppendAsync(job => job is { State: JobState.Halted, Pause: { Cause: PauseCause.ByHand } hand } ? [new TakenOver(run.Time.GetUtcNow(), hand.By, hand.Why)] : []);
        return Job.Sequence > before;
    }

    /// <returns>True: something was written.</returns>
    public async Task<bool> TryGoOnAsync() => Job.Pause?.Cause switch
    {
        PauseCause.FleetHalt when run.Ports.Fleet.WhyStill(Job.Cluster) is null => await GoOnAsync(),
        PauseCause.Yield => await GoOnAsync(),
        PauseCause.ByHand => await RemindAsync(),
        _ => false,
    };

    /// <summary>Takes the lease for what is left to do; for a job that was asked for while another one had it.</summary>
    public Task<bool> TakeLeaseAsync() => _turn.TakeAsync(_ => []);

    // R3 for everybody; a human who takes over gets a node as well that can not finish by itself: it has failed and waits for just that human.
    private bool IsSafe(Job job) => job.Pause?.Cause switch
    {
        PauseCause.ByHand => job.Held.Keys.All(n => JobPaths.HasFailed(job, n) || IsRefused(job, n)) || !run.Upgrade.IsSettled,
        PauseCause.Yield => job.IsAtSafePoint && !job.OpenUnits.Any() && job.Unders.Values.All(u => !u.IsOpen),
        _ => job.IsAtSafePoint,
    };

    private static bool IsRefused(Job job, string node) => job.Approvals.Any(a => a.Value.RefusedBy is not null && a.Key.EndsWith($"@{node}", StringComparison.Ordinal));

    /// <summary>R27 first, as with any resume; whoever differs keeps it paused and is said once.</summary>
    private async Task<bool> GoOnAsync()
    {
        if (await WhyNotOnAsync() is { } drift)
        {
            if (_drift != drift)
            {
                run.Log($"Stays paused, the ring is no longer what this job was planned for (R27): {_drift = drift}");
            }

            return false;
        }

        var now = run.Time.GetUtcNow();
        var resumed = new Resumed(now, Person.Bot);
        if (Job.LeaseEpoch == 0)
        {
            return await _turn.TakeAsync(job => job.State == JobState.Paused ? [resumed] : []);
        }

        var before = Job.Sequence;
        await run.AppendAsync(job => job.Pause?.Cause is PauseCause.FleetHalt or PauseCause.Yield && run.Ports.Fleet.WhyStill(job.Cluster) is null ? [resumed] : []);
        return Job.Sequence > before;
    }

    /// <summary>What differs is journalled once, and its operator hears of it: nobody pressed anything, so nobody else would look.</summary>
    /// <returns>Null: it may go on. Another machine at an address, or a node of the plan that has left, is for a human.</returns>
    private async Task<string?> WhyNotOnAsync()
    {
        var own = run.MayBeOut.Concat(Job.SkippedNodes.Keys).ToImmutableSortedSet(StringComparer.Ordinal);
        var snapshot = await run.Bound.Watch.ReadAsync(TimeSpan.FromSeconds(5), run.HostStopping);
        if (RingDrift.IdentityDrift(snapshot, own) is not { IsEmpty: false } drift)
        {
            return null;
        }

        try
        {
            if (await DriftCheck.ReadAsync(run, run.HostStopping) is not var (now, difference))
            {
                return drift[0];
            }

            var drifted = DriftCheck.Event(run.Time.GetUtcNow(), now, difference);
            await run.AppendAsync(job => difference.IsEmpty || job.LastDrift == drifted.What ? [] : [drifted]);
            return difference.Strangers.FirstOrDefault()
                ?? (Job.LostTargets.FirstOrDefault() is { } lost ? $"{lost} left the ring, and not by this job" : null);
        }
        catch (RecoverableException unreadable)
        {
            return $"{drift[0]}; more can not be told: {unreadable.Message}";
        }
    }

    private async Task<bool> RemindAsync()
    {
        var now = run.Time.GetUtcNow();
        var isDue = false;
        await run.AppendAsync(job => (isDue = job.Pause is { Cause: PauseCause.ByHand, Reminded: { } last } && now - last >= RemindEvery)
            ? [new HandReminded(now)] : []);
        return isDue;
    }
}
