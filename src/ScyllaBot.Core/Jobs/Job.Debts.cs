namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Place of the halt at the end of a job that still owes something.</summary>
    public static readonly StepKey DebtsKey = new("debts", null);

    /// <summary>What this job opened and has not paid, by id. What others opened or paid after its end is in the store alone.</summary>
    public ImmutableSortedDictionary<string, Debt> Debts { get; init; } = ImmutableSortedDictionary<string, Debt>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Somebody said go on at the end, knowing what is owed: the job pays it all itself.</summary>
    public bool PaysAll { get; init; }

    /// <summary>Those that keep it from ending well.</summary>
    public IEnumerable<Debt> Owed => Debts.Values.Where(d => d.Nature == DebtNature.Owed).OrderBy(d => d.Opened).ThenBy(d => d.Id, StringComparer.Ordinal);

    private Job FoldDebt(JobEvent e) => e switch
    {
        DebtOpened x when Debts.Values.All(d => d.Kind != x.Kind || d.Subject != x.Subject) =>
            this with { Debts = Debts.SetItem(Debt.IdOf(Id, Sequence + 1), Debt.Of(Id, Cluster, Sequence + 1, x)) },
        DebtPaid x => this with { Debts = Debts.Remove(x.Id) },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} does not follow: that is owed already"),
    };
}
