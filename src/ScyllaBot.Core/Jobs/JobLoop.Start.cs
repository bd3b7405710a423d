namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobLoop
{
    private bool IsStill => run.Ports.Fleet.WhyStill(Job.Cluster) is not null;

    /// <summary>R16: granted → begins; refused or expired → the plan is void and the lease free.</summary>
    private async Task<bool> StartApprovalAsync(ApprovalState start)
    {
        var now = run.Time.GetUtcNow();
        if (start.IsGranted && (Job.AwaitsLease || IsStill))
        {
            return false;
        }

        if (start.IsGranted)
        {
            await BeginAsync();
            return true;
        }

        if (start.RefusedBy is { } by)
        {
            await _unders.SettleAsync();
            await run.AppendAsync(job => UnderTasks.AreLeft(job) ? [] : EndOf(job, JobOutcome.Refused, $"refused by {by.Name}: {start.RefusedWhy}"));
            return true;
        }

        if (start.Asked.Expires > now)
        {
            return false;
        }

        await _unders.SettleAsync();
        await run.AppendAsync(job => job.Approvals[Approvals.Start].IsOpen && !UnderTasks.AreLeft(job)
            ? [new ApprovalExpired(now, Approvals.Start), .. EndOf(job, JobOutcome.Refused, "nobody approved in time")] : []);
        return true;
    }

    /// <summary>R15, R27: what was approved must still be there, however long the approval took.</summary>
    private async Task BeginAsync()
    {
        var drift = await StartDrift.ReadAsync(run);
        if (!drift.IsEmpty)
        {
            await _unders.SettleAsync();
        }

        var now = run.Time.GetUtcNow();
        await run.AppendAsync(job => job.State != JobState.Waiting || IsStill ? []
            : drift.IsEmpty ? [new Began(now)]
            : UnderTasks.AreLeft(job) ? []
            : [new PlanDrifted(now, string.Join("; ", drift)), .. EndOf(job, JobOutcome.Refused, $"the ring is no longer what was approved: {drift[0]}")]);
    }
}
