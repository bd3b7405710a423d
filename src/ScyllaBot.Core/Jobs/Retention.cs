namespace ScyllaBot.Core.Jobs;

/// <summary>A debt that a job has to do with.</summary>
/// <param name="Job">Who opened it.</param>
public readonly record struct DebtTie(string Id, JobId Job, bool IsOpen);

/// <summary>Which ended jobs may be forgotten; the same for every store. Pure.</summary>
public static class Retention
{
    /// <param name="job">The fold of its journal.</param>
    /// <param name="journal">All of it.</param>
    /// <param name="before">It must have ended before.</param>
    /// <param name="lease">Its cluster's, as it is.</param>
    /// <param name="debts">Every debt it opened, and every other one that it paid and that is still there.</param>
    /// <param name="hasUnsent">A message of it is not confirmed.</param>
    /// <returns>Why it stays; null when it may go.</returns>
    public static string? WhyKept(Job job, IEnumerable<JobEvent> journal, DateTimeOffset before, Lease? lease, IEnumerable<DebtTie> debts, bool hasUnsent)
    {
        // Its epoch is what fences older hosts off (R13): rows made again from the journals must not fall behind it.
        var isLastLease = lease is not null && (lease.Job == job.Id
            || journal.Any(e => LeaseRules.PlaceOf(e) is { } place && place.Cluster == lease.Cluster && place.Epoch >= lease.Epoch));
        return job.IsOpen ? "it is open"
            : job.Updated >= before ? "it is not old enough"
            : isLastLease ? $"it had the last lease of {job.Cluster}"
            : hasUnsent ? "a message of it is not sent"
            : debts.Select(d => d.IsOpen ? $"debt {d.Id} is open" : d.Job != job.Id ? $"it paid debt {d.Id} of job {d.Job}" : null).FirstOrDefault(why => why is not null);
    }

    /// <summary>Debts of others that a journal pays.</summary>
    public static ImmutableSortedSet<string> PaidBy(IEnumerable<JobEvent> journal) =>
        journal.OfType<DebtPaid>().Select(p => p.Id).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Whether an entry of the bot's own stream may go: only what people asked and were told; all else is part of how things stand.</summary>
    public static bool MayGo(JournalEvent e, DateTimeOffset before) => e is Audited && e.At < before;
}
