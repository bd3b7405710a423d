namespace ScyllaBot.Core.Jobs;

/// <summary>What an append does to the debts' rows.</summary>
/// <param name="Opened">New rows.</param>
/// <param name="Paid">Each counts once: a row that is paid stays as it is.</param>
/// <param name="Told">Id → when somebody was called; the first time counts.</param>
public sealed record DebtChange(ImmutableArray<Debt> Opened, ImmutableArray<DebtPayment> Paid, ImmutableArray<(string Id, DateTimeOffset At)> Told)
{
    public static readonly DebtChange None = new([], [], []);

    public bool IsEmpty => Opened.IsEmpty && Paid.IsEmpty && Told.IsEmpty;
}

/// <summary>Which debt rows follow from the journal. Debts belong to a cluster, so any stream may pay what a job's opened.</summary>
public static class DebtProjection
{
    /// <param name="job">Whose stream; null for the bot's.</param>
    /// <param name="cluster">The job's.</param>
    /// <param name="events">In order, each with its sequence.</param>
    public static DebtChange Of(JobId? job, string? cluster, IEnumerable<(long Sequence, JournalEvent Event)> events)
    {
        var opened = ImmutableArray.CreateBuilder<Debt>();
        var paid = ImmutableArray.CreateBuilder<DebtPayment>();
        var told = ImmutableArray.CreateBuilder<(string, DateTimeOffset)>();
        foreach (var (sequence, e) in events)
        {
            switch (e)
            {
                case DebtOpened x:
                    opened.Add(Debt.Of(job!.Value, cluster!, sequence, x));
                    break;
                case DebtPaid x:
                    paid.Add(new DebtPayment(x.Id, x.At, x.By?.Name ?? $"job {job!.Value}", x.Why));
                    break;
                case DebtSettled x:
                    paid.Add(new DebtPayment(x.Id, x.At, x.By.Name, x.Why));
                    break;
                case DebtOverdue x:
                    told.Add((x.Id, x.At));
                    break;
                default:
                    break;
            }
        }

        return opened.Count + paid.Count + told.Count == 0 ? DebtChange.None : new DebtChange(opened.ToImmutable(), paid.ToImmutable(), told.ToImmutable());
    }

    /// <summary>All changes of all streams as one, in an order that does not depend on which stream was read first.</summary>
    public static DebtChange Merge(IEnumerable<DebtChange> changes)
    {
        var all = changes.ToArray();
        return new DebtChange(
            [.. all.SelectMany(c => c.Opened)],
            [.. all.SelectMany(c => c.Paid).OrderBy(p => p.At).ThenBy(p => p.Id, StringComparer.Ordinal)],
            [.. all.SelectMany(c => c.Told).OrderBy(t => t.At).ThenBy(t => t.Id, StringComparer.Ordinal)]);
    }
}
