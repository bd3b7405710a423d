using ScyllaBot.Core.Clusters;

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
        PauseCause.FleetHalt when !run.Ports.Fleet.IsHalted => await GoOnAsync(),
        PauseCause.Yield => await GoOnAsync(),
        PauseCause.ByHand => await RemindAsync(),
        _ => false,
    };

    /// <summary>Takes the lease for what is left to do; for a job that was asked for while another one had it.</summary>
    public Task<bool> TakeLeaseAsync() => _turn.TakeAsync(job =>
        job.State == JobState.Waiting && !job.Approvals.ContainsKey(Approvals.Start) ? [new Began(run.Time.GetUtcNow())] : []);

    // R3 for everybody; a human who takes over gets a node as well that can not finish by itself: it has failed and waits for just that human.
    private bool IsSafe(Job job) => job.Pause?.Cause switch
    {
        PauseCause.ByHand => job.Held.Keys.All(n => JobPaths.HasFailed(job, n) || IsRefused(job, n)) || !run.Upgrade.IsSettled,
        PauseCause.Yield => job.IsAtSafePoint && job.Unders.Values.All(u => !u.IsOpen),
        _ => job.IsAtSafePoint,
    };

    private static bool IsRefused(Job job, string node) => job.Approvals.Any(a => a.Value.RefusedBy is not null && a.Key.EndsWith($"@{node}", StringComparison.Ordinal));

    /// <summary>R27 first, as with any resume; whoever differs keeps it paused and is said once.</summary>
    private async Task<bool> GoOnAsync()
    {
        var snapshot = await run.Bound.Watch.ReadAsync(TimeSpan.FromSeconds(5), run.HostStopping);
        if (RingDrift.IdentityDrift(snapshot, run.MayBeOut) is { IsEmpty: false } drift)
        {
            if (_drift != drift[0])
            {
                run.Log($"Stays paused, the ring is no longer what this job was planned for (R27): {_drift = drift[0]}");
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
        await run.AppendAsync(job => job.Pause?.Cause is PauseCause.FleetHalt or PauseCause.Yield && !run.Ports.Fleet.IsHalted ? [resumed] : []);
        return Job.Sequence > before;
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
