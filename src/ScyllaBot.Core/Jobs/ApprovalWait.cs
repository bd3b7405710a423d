using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Asks people before a step and waits for their decision, durably (R16). Posting asks, a press decides, the journal wakes it.</summary>
/// <param name="run">Of which job.</param>
/// <param name="key">Which step waits.</param>
/// <param name="gate">Who is asked what.</param>
/// <param name="start">The start's approval, which a drift has voided: the question is not the step's own but the job's. Null: the step's.</param>
internal sealed class ApprovalWait(JobRun run, StepKey key, ApprovalGate gate, ApprovalAsked? start = null)
{
    private const int LongestDrift = 600;

    private string Name => start is null ? key.ToString() : Approvals.Drift;

    /// <summary>R15: whoever could approve the start is asked whether what has not begun is right for what is there now.</summary>
    public static ApprovalWait AfterDrift(JobRun run, StepKey key, ApprovalAsked start) => new(
        run, key, new ApprovalGate
        {
            Message = $"The cluster is no longer what was approved: {Shortened.To(run.Job.LastDrift ?? "", LongestDrift)}. Go on with what has not begun?",
            Approvers = start.Approvers, Count = start.Count, Timeout = run.Ports.Approvals.Patience,
        },
        start);

    /// <exception cref="ParkedException">Refused: the job halted. Nobody decided: it pauses at its safe point and can ask again. Or it left Running.</exception>
    public async Task ForAsync(CancellationToken ct)
    {
        using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.HostStopping);
        var hasWaited = false;
        while (true)
        {
            var changed = run.Changed.Next;
            if (run.Job.Approvals.GetValueOrDefault(Name) is not { } approval)
            {
                if (IsApprovedAhead)
                {
                    return;
                }

                await AskAsync();
                continue;
            }

            if (approval.IsGranted)
            {
                if (!hasWaited || !await HasDriftedAsync(link.Token))
                {
                    return;
                }

                continue;
            }

            if (!approval.IsOpen)
            {
                await EndAsync(approval);
                continue;
            }

            var left = approval.Asked.Expires - run.Time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                await LapseAsync();
                continue;
            }

            hasWaited = true;
            await changed.WaitAsync(left, link.Token);
        }
    }

    private ImmutableArray<Person> Ahead => start is not null ? [] : run.Job.Ahead.GetValueOrDefault(PlanSteps.PathOf(key), []);

    private bool IsApprovedAhead => Ahead.Length >= gate.Count;

    /// <summary>Who approved it ahead, but too few, has approved it.</summary>
    private async Task AskAsync()
    {
        var now = run.Time.GetUtcNow();
        await run.AppendAsync(job => job.State != JobState.Running || job.Approvals.ContainsKey(Name) ? [] :
        [
            new ApprovalAsked(now, Name, gate.Message, [.. gate.Approvers], gate.Count, now + gate.Timeout, job.PlanHash)
            {
                Confirm = start?.Confirm, MayBreakGlass = ApprovalRules.MayBreakGlass(run.Plan, run.Ports.Approvals) ? true : null,
            },
            .. Ahead.Select(p => new ApprovalGiven(now, Name, p)),
        ]);
        if (!run.Job.Approvals.ContainsKey(Name))
        {
            throw new ParkedException($"{key}: the job is {run.Job.State}");
        }
    }

    /// <summary>R16: nobody is called; the job stands at its safe point until somebody asks again.</summary>
    private Task LapseAsync()
    {
        var now = run.Time.GetUtcNow();
        return run.AppendAsync(job => job.Approvals.GetValueOrDefault(Name) is { IsOpen: true }
            ? [new ApprovalExpired(now, Name), .. job.State == JobState.Running ? [new PauseAsked(now, Person.Bot)] : ImmutableArray<JobEvent>.Empty] : []);
    }

    private async Task EndAsync(ApprovalState approval)
    {
        if (approval.RefusedBy is { } by)
        {
            var why = $"refused by {by.Name}: {approval.RefusedWhy}";
            // Whoever takes over gets the node as it lies.
            await run.AppendAsync(job => job.Pause is { Cause: PauseCause.ByHand } ? []
                : [new Halted(run.Time.GetUtcNow(), key, true, why, "The job stands at a safe point; no node is down because of it.")]);
            throw new ParkedException($"{key}: {why}");
        }

        if (run.Job.State == JobState.Running)
        {
            await run.AppendAsync(job => job.State == JobState.Running ? [new PauseAsked(run.Time.GetUtcNow(), Person.Bot)] : []);
        }

        throw new ParkedException($"{key}: nobody decided in time");
    }

    /// <summary>R27: whoever else answers there, or does not any more, is nothing that asking again would settle.</summary>
    private ImmutableArray<JobEvent> Stranger(Job job, PlanDifference difference, DateTimeOffset now)
    {
        var lost = difference.Gone.FirstOrDefault(n => job.Birth.Targets.Any(t => t.Name == n) && !job.SkippedNodes.ContainsKey(n));
        var why = difference.Strangers.FirstOrDefault() ?? (lost is null ? null : $"{lost} left the ring, and not by this job (R27): drop it, or abort and plan anew");
        return why is null || job.State != JobState.Running ? []
            : [new Halted(now, key, false, why, "The job stands at a safe point; no node is down because of it. What was approved here is void.")];
    }

    /// <summary>R15: however long it took, what was approved must still be what is there. Otherwise it is asked again, of what is there now.</summary>
    private async Task<bool> HasDriftedAsync(CancellationToken ct)
    {
        try
        {
            if (await DriftCheck.ReadAsync(run, ct) is not { Difference.IsEmpty: false } read)
            {
                return false;
            }

            var now = run.Time.GetUtcNow();
            await run.AppendAsync(job => [DriftCheck.Event(now, read.Now, read.Difference), .. Stranger(job, read.Difference, now)]);
            return run.Job.State == JobState.Running ? true : throw new ParkedException($"{key}: the job is {run.Job.State}");
        }
        catch (RecoverableException)
        {
            // What can not be read is judged by the step's own preconditions, which wait for it.
            return false;
        }
    }
}
