using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Asks people before a step and waits for their decision, durably (R16). Posting asks, a press decides, the journal wakes it.</summary>
internal sealed class ApprovalWait(JobRun run, StepKey key, ApprovalGate gate)
{
    private string Name => key.ToString();

    /// <exception cref="ParkedException">Refused or expired: the job halted at a safe point and can ask again.</exception>
    public async Task ForAsync(CancellationToken ct)
    {
        if (!run.Job.Approvals.ContainsKey(Name))
        {
            var now = run.Time.GetUtcNow();
            await run.AppendAsync(job => job.State != JobState.Running ? [] :
                [new ApprovalAsked(now, Name, gate.Message, [.. gate.Approvers], gate.Count, now + gate.Timeout, job.PlanHash)]);
            if (!run.Job.Approvals.ContainsKey(Name))
            {
                throw new ParkedException($"{key}: the job is {run.Job.State}");
            }
        }

        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.HostStopping);
        while (true)
        {
            var changed = run.Changed.Next;
            var approval = run.Job.Approvals[Name];
            if (approval.IsGranted)
            {
                return;
            }

            if (!approval.IsOpen)
            {
                await HaltAsync(approval);
            }

            var left = approval.Asked.Expires - run.Time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                await run.AppendAsync(job => job.Approvals[Name].IsOpen ? [new ApprovalExpired(run.Time.GetUtcNow(), Name)] : []);
                continue;
            }

            await changed.WaitAsync(left, link.Token);
        }
    }

    private async Task HaltAsync(ApprovalState approval)
    {
        var why = approval.RefusedBy is { } by ? $"refused by {by.Name}: {approval.RefusedWhy}" : "nobody decided in time; retry asks again";
        await run.AppendAsync(new Halted(run.Time.GetUtcNow(), key, true, why, "The job stands at a safe point; no node is down because of it."));
        throw new ParkedException($"{key}: {why}");
    }
}
