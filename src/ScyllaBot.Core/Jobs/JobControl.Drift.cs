using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    private const string Again = "Approvals of steps not begun are void. Look at it, then ask once more to go on with what is there now, or abort and plan anew.";

    /// <summary>R15, R27: compares what was meant with what is there before a job goes on; a difference is journalled and shown, and nothing goes on by this press.</summary>
    private async Task<Outcome> DoCheckedAsync(Actor by, JobId job, Rights right, Func<Job, DateTimeOffset, Verdict> decide, CancellationToken ct, string? dropped = null)
    {
        // What is refused anyway changes nothing: above all it ends no takeover and no yield.
        // A drop from a paused job lets nothing go on.
        if (!by.May(right) || engine.Find(job) is not { } found || decide(found.Job, ports.Time.GetUtcNow()).Events.IsEmpty
            || (dropped is not null && found.Job.State != JobState.Halted))
        {
            return await DoAsync(by, job, right, decide);
        }

        if (await WhyNoRetryAsync(found, dropped, ct) is { } never)
        {
            return Refused(never);
        }

        if (found.Job is { State: JobState.Paused or JobState.Pausing or JobState.Halted, Abort: null } && await WhyNotOnAsync(by, found, dropped, ct) is { } why)
        {
            return Refused(why);
        }

        return await DoAsync(by, job, right, decide);
    }

    private async Task<string?> WhyNotOnAsync(Actor by, JobRun run, string? dropped, CancellationToken ct)
    {
        var found = await TryReadDriftAsync(run, ct);
        if (found is null)
        {
            // Of before, or nobody can tell: what can be told of identities still counts (R4: bringing nodes up must not wait for a ring).
            var snapshot = await run.Bound.Watch.ReadAsync(TimeSpan.Zero, ct);
            return run.Job.Meant is null && RingDrift.IdentityDrift(snapshot, run.MayBeOut) is { IsEmpty: false } drift
                ? $"The ring is no longer what this job was planned for (R27):\n{string.Join("\n", drift)}" : null;
        }

        var (now, difference) = found.Value;
        if (!difference.Strangers.IsEmpty)
        {
            await PostAsync(run, job => Stranger(by, job, now, difference));
            return $"Another machine stands where one of this plan stood (R27). Nothing goes on: abort, correct the inventory, plan anew.\n{string.Join("\n", difference.Strangers)}";
        }

        if (!difference.IsEmpty)
        {
            await PostAsync(run, job => job.IsOpen ? [DriftCheck.Event(ports.Time.GetUtcNow(), now, difference)] : []);
        }

        var lost = run.Job.LostTargets.Where(_ => dropped is null).ToArray();
        return lost.Length > 0 ? $"{string.Join(", ", lost)} left the ring, and not by this job (R27): drop {(lost.Length == 1 ? "it" : "each")} with skip, or abort and plan anew."
            : difference.IsEmpty ? null
            : $"The cluster is no longer what this job was planned for (R15):\n{string.Join("\n", difference.Differences)}\n{Again}";
    }

    /// <summary>R5; whoever is dropped is not tried again.</summary>
    private static async Task<string?> WhyNoRetryAsync(JobRun run, string? dropped, CancellationToken ct) =>
        (dropped is null || run.Job.Halt?.Key?.Node != dropped) && run.WhyNoRetry(await run.Bound.Watch.ReadAsync(TimeSpan.Zero, ct)) is { } never
            ? $"There is nothing to retry: {never} (R5)." : null;

    private static async Task<(PlanMeaning Now, PlanDifference Difference)?> TryReadDriftAsync(JobRun run, CancellationToken ct)
    {
        try
        {
            return await DriftCheck.ReadAsync(run, ct);
        }
        catch (Exception unreadable) when (unreadable is RecoverableException or UnrecoverableException)
        {
            return null;
        }
    }

    /// <summary>A paused job halts: somebody is called. One that is halted says it to whoever pressed.</summary>
    private ImmutableArray<JobEvent> Stranger(Actor by, Job job, PlanMeaning meaning, PlanDifference difference)
    {
        var now = ports.Time.GetUtcNow();
        return job.State is JobState.Paused or JobState.Pausing && WhyNoResume(job) is null
            ?
            [
                DriftCheck.Event(now, meaning, difference), new Resumed(now, by.Person),
                new Halted(now, null, false, difference.Strangers[0], "Nothing goes on while another machine stands there: abort, correct the inventory, plan anew."),
            ]
            : [];
    }

    /// <summary>R27: a node that left the ring is dropped from the rest of the job.</summary>
    private Verdict Drop(Actor by, Job job, string node, DateTimeOffset now) =>
        job.Held.ContainsKey(node) ? No($"{node} is down by us and can not be dropped (R4).")
        : IsOwnOnProduction(by, job)
            ? NotYou("On production another approver must drop a node of your job (R21).")
        : Yes($"{node} is dropped.", new NodeSkipped(now, node, by.Person, $"left the ring; dropped by {by.Person.Name}"));

    private static Task PostAsync(JobRun run, Func<Job, ImmutableArray<JobEvent>> decide) => run.Mailbox.PostAsync(async () =>
    {
        await run.AppendAsync(decide);
        return true;
    });
}
