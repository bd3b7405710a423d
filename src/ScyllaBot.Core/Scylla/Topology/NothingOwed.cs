using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Nothing of that kind is owed on the cluster, whoever left it: a ring that shrinks while cleanup is owed can bring deleted rows back (facts 7.12).</summary>
internal sealed record NothingOwed(DebtKind Kind) : IClusterCondition
{
    public string Title => $"No {DebtWords.Of(Kind)} is owed";

    /// <exception cref="UnrecoverableException">It is: whoever waits for it holds the lease that paying it needs.</exception>
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct) =>
        WhyNot(await context.Debts.ListAsync(Kind, ct)) is { } why ? throw new UnrecoverableException(why) : null;

    /// <summary>The sentence that refuses; null when nothing is owed.</summary>
    public static string? WhyNot(ImmutableArray<Debt> open) => open.IsEmpty ? null
        : $"{DebtWords.Of(open[0].Kind)} is owed: {string.Join("; ", open.Take(3).Select(d => $"{d.What} (job {d.Job})"))}"
            + $"{(open.Length > 3 ? $" and {open.Length - 3} more" : "")}; pay it first: {open[0].Undo}";
}
