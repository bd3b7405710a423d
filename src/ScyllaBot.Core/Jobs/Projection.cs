namespace ScyllaBot.Core.Jobs;

/// <summary>What an append does to a job's rows. A key that <see cref="After"/> no longer has is a row to delete.</summary>
/// <param name="After">The fold with the new events.</param>
/// <param name="IsNew">The job had no rows.</param>
/// <param name="Steps">Step rows to write again.</param>
/// <param name="Approvals">Approval rows to write again, by approval key.</param>
/// <param name="Nodes">Held rows to write again, by node.</param>
public sealed record JobChange(
    Job After, bool IsNew, ImmutableArray<StepKey> Steps, ImmutableArray<string> Approvals, ImmutableArray<string> Nodes);

/// <summary>Which rows follow from the journal. Pure, so that every store answers alike and rows can be made again at any time.</summary>
public static class Projection
{
    public static JobSummary Summary(Job job) => new(
        job.Id, job.Cluster, job.Birth.WorkflowName, job.Birth.Title, job.State, job.End?.Outcome, job.Owner,
        job.Birth.At, job.Updated, job.Birth.Targets.Length, job.Held.Count);

    /// <summary>Every row of a job that has none.</summary>
    public static JobChange Whole(Job job) => new(job, true, [.. job.Steps.Keys], [.. job.Approvals.Keys], [.. job.Held.Keys]);

    /// <summary>The rows that differ between two folds.</summary>
    /// <param name="before">Null when the job is new.</param>
    /// <param name="after">The same job, later.</param>
    /// <param name="events">What lies between.</param>
    public static JobChange Between(Job? before, Job after, ImmutableArray<JobEvent> events) => before is null
        ? Whole(after)
        : new JobChange(
            after,
            false,
            // Step events name their row; an order to go on changes every failed one. Comparing 10,000 steps at every append would cost.
            events.Any(e => e is RetryAsked or Resumed or HoldLifted or AbortAsked or HandedBack)
                ? Differing(before.Steps, after.Steps)
                : [.. events.Select(StepOf).OfType<StepKey>().Distinct()],
            Differing(before.Approvals, after.Approvals),
            Differing(before.Held, after.Held));

    /// <summary>Leases as the whole journal leaves them, by cluster. Epochs only grow, so they give the order across jobs.</summary>
    /// <param name="journal">Of all jobs.</param>
    /// <param name="raised">Of the bot's own stream (R13).</param>
    public static ImmutableSortedDictionary<string, Lease> Leases(IEnumerable<(JobId Job, JobEvent Event)> journal, IEnumerable<FootprintsAcknowledged> raised)
    {
        var leases = Leases(journal);
        foreach (var said in raised.OrderBy(r => r.Epoch).Where(r => (leases.GetValueOrDefault(r.Cluster)?.Epoch ?? 0) < r.Epoch))
        {
            leases = leases.SetItem(said.Cluster, LeaseRules.Raised(said));
        }

        return leases;
    }

    /// <summary>The same, where no lease was ever moved on by the bot's own stream.</summary>
    public static ImmutableSortedDictionary<string, Lease> Leases(IEnumerable<(JobId Job, JobEvent Event)> journal)
    {
        // At one epoch a lease is taken, then perhaps released; or it was taken away, and then nobody has it at that epoch.
        return journal.Select(j => (j.Job, j.Event, Place: LeaseRules.PlaceOf(j.Event))).Where(j => j.Place is not null)
            .GroupBy(j => j.Place!.Value.Cluster, StringComparer.Ordinal)
            .Select(g => g.OrderBy(j => j.Place!.Value.Epoch).ThenBy(j => j.Event is LeaseTaken ? 0 : 1).Last())
            .Select(j => j.Event is LeaseTaken taken ? LeaseRules.Held(taken, j.Job) : new Lease(j.Place!.Value.Cluster, j.Place.Value.Epoch, null, j.Event.At))
            .ToImmutableSortedDictionary(l => l.Cluster, l => l, StringComparer.Ordinal);
    }

    private static StepKey? StepOf(JobEvent e) => e switch
    {
        StepStarted x => x.Key,
        StepSucceeded x => x.Key,
        StepFailed x => x.Key,
        StepInterrupted x => x.Key,
        StepSkipped x => x.Key,
        StepPassedOver x => x.Key,
        _ => null,
    };

    // Folds share what did not change, so identity is enough and costs nothing on the maps that are equal.
    private static ImmutableArray<TKey> Differing<TKey, TRow>(
        ImmutableSortedDictionary<TKey, TRow> before, ImmutableSortedDictionary<TKey, TRow> after)
        where TKey : notnull
        where TRow : class =>
        ReferenceEquals(before, after) ? []
        : [
            .. before.Keys.Where(k => !after.ContainsKey(k)),
            .. after.Where(a => !ReferenceEquals(before.GetValueOrDefault(a.Key), a.Value)).Select(a => a.Key),
        ];
}
