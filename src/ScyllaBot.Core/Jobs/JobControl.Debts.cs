using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

public sealed partial class JobControl
{
    private const int MostDebts = 10_000;

    public Task<ImmutableArray<Debt>> DebtsAsync(string? cluster, CancellationToken ct) => ports.Store.DebtsAsync(new DebtFilter(cluster), ct);

    public async Task<Outcome> PayDebtAsync(Actor by, string id, string reason, CancellationToken ct)
    {
        if (!by.May(Rights.Operate))
        {
            return Forbidden("You may not mark debts as paid: that needs the operator right.");
        }

        if (string.IsNullOrWhiteSpace(reason))
        {
            return Refused("Give a reason: how it was paid stands in the record.");
        }

        var debt = (await ports.Store.DebtsAsync(new DebtFilter(OpenOnly: false, Limit: MostDebts), ct)).FirstOrDefault(d => d.Id == id);
        if (debt is null)
        {
            return Refused($"There is no debt {Bounded(id)}. /scp debts lists them.");
        }

        if (debt.Payment is { } paid)
        {
            return Refused($"It was paid already: {paid.Why}, by {paid.By}.");
        }

        if (inventory.Current.Find(debt.Cluster)?.Environment is null or ClusterEnvironment.Production && await WhyNotPayAsync(by, debt.Job, ct) is { } why)
        {
            return Forbidden(why);
        }

        // While its job is at work, the job must know: it may be about to halt because of it.
        if (engine.Find(debt.Job) is not null)
        {
            return await DoAsync(by, debt.Job, Rights.Operate, (job, now) =>
                !job.Debts.ContainsKey(id) ? No("It was paid just now.")
                : JobTransitions.After(job.State, new DebtPaid(now, id, debt.Kind, debt.Subject, by.Person, "")) is null ? No($"The job is {Word(job.State)}; try again in a moment.")
                : Yes($"Marked as paid: {debt.What}.", new DebtPaid(now, id, debt.Kind, debt.Subject, by.Person, Bounded(reason))));
        }

        var outcome = await ports.Store.AppendAsync(
            StreamId.Bot, -1, 0, [new DebtSettled(ports.Time.GetUtcNow(), id, debt.Cluster, by.Person, Bounded(reason))], [], ct);
        return outcome is AppendOutcome.Appended ? new Outcome.Done(debt.Job, $"Marked as paid: {debt.What}.") : Refused($"It could not be recorded: {outcome}.");
    }

    /// <summary>A paid debt may be all that a decommission waits for: on production somebody else says so (R21).</summary>
    private async Task<string?> WhyNotPayAsync(Actor by, JobId job, CancellationToken ct)
    {
        if (!by.May(Rights.Approve))
        {
            return "On production only an approver marks debts as paid (R21).";
        }

        var entries = await ports.Store.ReadAsync(StreamId.Of(job), 0, ct);
        return !entries.IsEmpty && Job.From(job, entries.Select(e => (JobEvent)e.Event)).IsOwnedBy(by.Person)
            ? "Your own job left it owing: on production another approver marks it as paid (R21)." : null;
    }
}
