namespace ScyllaBot.Core.Jobs;

/// <summary>Another job has the cluster, its group or the last place under the cap: nothing was written, ask again later (R18).</summary>
internal sealed class LeaseBusyException(string why) : Exception(why);

/// <summary>How a job that has no lease comes to one (R18): it asks the background job that has it to yield, and takes it when it is free.</summary>
internal sealed class LeaseTurn(JobRun run)
{
    private string? _said;

    /// <summary>How long nothing happens before it looks again without being woken.</summary>
    public static TimeSpan LookAgain { get; } = TimeSpan.FromSeconds(30);

    /// <param name="then">What follows in the same transaction.</param>
    /// <returns>False: not yet.</returns>
    public async Task<bool> TakeAsync(Func<Job, ImmutableArray<JobEvent>> then)
    {
        if (run.Ports.Fleet.IsHalted)
        {
            return Wait("everything is halted");
        }

        if (run.Ports.Fleet.ReadOnly(run.Job.Cluster) is { } found)
        {
            return Wait(found.Sentence);
        }

        if (!run.Job.AwaitsLease && run.Engine.FirstInLine(run.Job.Cluster) is { } first)
        {
            return Wait($"job {first} goes first");
        }

        Lease? lease;
        try
        {
            lease = await run.Ports.Store.LeaseAsync(run.Job.Cluster, run.HostStopping);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            return Wait($"the store can not be read: {broken.Message}");
        }

        if (lease is { Job: { } holder } && holder != run.Job.Id)
        {
            await run.Engine.AskToYieldAsync(holder, run.Job.Id);
            return Wait($"job {holder} has {run.Job.Cluster}");
        }

        var now = run.Time.GetUtcNow();
        var taken = false;
        try
        {
            // R20: everything may have been halted while the store was asked.
            await run.AppendAsync(job => !(taken = job is { LeaseEpoch: 0, IsUnlocked: false, IsOpen: true } && run.Ports.Fleet.WhyStill(job.Cluster) is null) ? []
                : [run.LeaseOf(now, (lease?.Epoch ?? 0) + 1), .. then(job)]);
        }
        catch (LeaseBusyException busy)
        {
            return Wait(busy.Message);
        }

        return taken;
    }

    private bool Wait(string why)
    {
        if (why != _said)
        {
            run.Log($"Waits for the lease of {run.Job.Cluster}: {_said = why}");
        }

        return false;
    }
}
