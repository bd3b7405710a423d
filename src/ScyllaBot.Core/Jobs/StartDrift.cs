using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>What has changed between the plan that was approved and the moment it begins (R15, R23, R27).</summary>
internal static class StartDrift
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    /// <summary>Waits until it can be read, or the job waits no more: nothing begins on a ring that nobody can tell.</summary>
    public static async Task<ImmutableArray<string>> ReadAsync(JobRun run)
    {
        while (run.Job.State == JobState.Waiting)
        {
            try
            {
                var snapshot = await run.Bound.Watch.ReadAsync(BetweenLooks, run.HostStopping);
                ImmutableArray<string> drift =
                [
                    .. RingDrift.IdentityDrift(snapshot, run.MayBeOut),
                    .. KnownDowns.Back(run.Job, snapshot).Select(t => t.Why),
                ];
                if (drift.IsEmpty && await DriftCheck.ReadAsync(run, run.HostStopping) is { } read)
                {
                    drift = read.Difference.Differences;
                }

                return drift.IsEmpty && await WhyNotPassedAsync(run) is { } why ? [why] : drift;
            }
            catch (RecoverableException unreadable)
            {
                new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, "", null).Write($"It can not begin: {unreadable.Message}");
                await run.Changed.Next.WaitAsync(BetweenLooks, run.HostStopping);
            }
        }

        return [];
    }

    /// <summary>R17: what can not be undone on production begins only on a verdict that is passed now.</summary>
    private static async Task<string?> WhyNotPassedAsync(JobRun run)
    {
        if (run.Job.Approvals.GetValueOrDefault(Approvals.Start)?.Asked.Confirm is null)
        {
            return null;
        }

        var snapshot = await run.Bound.Watch.ReadAsync(TimeSpan.Zero, run.HostStopping);
        var availability = await AvailabilityReader.ReadAsync(run.Bound.Cluster, snapshot, run.Ports.Http, run.Ports.Commands, null, run.HostStopping);
        return PlanVerdict.WhyNotPassed(availability, snapshot, run.Plan.Waves, run.Job.KnownDown()) is { } why
            ? $"the availability verdict is no longer passed (R17): {why}" : null;
    }
}
