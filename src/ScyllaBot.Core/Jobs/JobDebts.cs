using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>Debts as one step of a job opens and pays them: journalled in the job, kept for the cluster.</summary>
internal sealed class JobDebts(JobRun run, StepKey key) : IDebts
{
    public Task OpenAsync(Owing owing, CancellationToken ct) => run.AppendAsync(job =>
        job.Debts.Values.Any(d => d.Kind == owing.Kind && d.Subject == owing.Subject) ? [] : [Opened(owing)]);

    public async Task PayAsync(DebtKind kind, string? subject, CancellationToken ct, DateTimeOffset? before = null)
    {
        var open = (await ListAsync(kind, ct)).Where(d => (subject is null || d.Subject == subject) && (before is null || d.Opened <= before)).ToArray();
        var now = run.Time.GetUtcNow();
        if (open.Length > 0)
        {
            await run.AppendAsync([.. open.Select(d => (JobEvent)new DebtPaid(now, d.Id, d.Kind, d.Subject, null, $"step {key}"))]);
        }
    }

    public async Task<ImmutableArray<Debt>> ListAsync(DebtKind kind, CancellationToken ct) =>
        [.. (await run.Ports.Store.DebtsAsync(new DebtFilter(run.Job.Cluster), ct)).Where(d => d.Kind == kind)];

    private DebtOpened Opened(Owing owing)
    {
        // Whoever runs one step alone wants what it leaves.
        var nature = owing.Nature == DebtNature.Owed && run.Bound.IsOneStep ? DebtNature.Kept : owing.Nature;
        var now = run.Time.GetUtcNow();
        return new DebtOpened(now, key, owing.Kind, owing.Subject, owing.What, now + owing.Within, nature, owing.Undo);
    }
}
