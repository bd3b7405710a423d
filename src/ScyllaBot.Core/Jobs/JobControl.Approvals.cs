namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    public Task<Outcome> DecideAsync(Actor by, JobId job, string key, bool approve, string why, CancellationToken ct) =>
        DoAsync(by, job, Rights.Read, (j, now) => Rules(job).Decide(by, j, key, approve, why, now));

    public Task<Outcome> BreakGlassAsync(Actor by, JobId job, string key, string reason, CancellationToken ct) =>
        DoAsync(by, job, Rights.Read, (j, now) => Rules(job).BreakGlass(by, j, key, reason, now));

    // In the job's mailbox: it is at work here.
    private ApprovalRules Rules(JobId job) => new(policy, engine.Find(job)!.Plan);
}
