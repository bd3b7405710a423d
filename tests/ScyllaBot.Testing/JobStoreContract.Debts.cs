using ScyllaBot.Core.Jobs;
using Xunit;

namespace ScyllaBot.Testing;

public abstract partial class JobStoreContract
{
    private static readonly DebtOpened Suspended = Journals.OneOfEach.OfType<DebtOpened>().Single(d => d.Kind == DebtKind.ManagerSuspended);
    private static readonly DebtOpened Snapshot = Journals.OneOfEach.OfType<DebtOpened>().Single(d => d.Kind == DebtKind.Snapshot);

    [Fact]
    public async Task Keeps_a_debt_after_its_job_has_ended_until_somebody_pays_it()
    {
        await Appended(First, 0, [Journals.Birth("r"), new Began(Journals.At(1)), Suspended, Snapshot, new Ended(Journals.At(3), JobOutcome.Succeeded, "")]);
        var open = await Store.DebtsAsync(new DebtFilter("alpha"), default);
        Assert.Equal([$"{First}-3", $"{First}-4"], open.Select(d => d.Id));
        Assert.Equivalent(Suspended.Undo, open[0].Undo, strict: true);
        Assert.Equivalent(Snapshot.Undo, open[1].Undo, strict: true);
        Assert.Equal((First, "alpha", Journals.Drain, Snapshot.Subject, Snapshot.What, Snapshot.At, Snapshot.Deadline, DebtNature.Kept),
            (open[1].Job, open[1].Cluster, open[1].Step!.Value, open[1].Subject, open[1].What, open[1].Opened, open[1].Deadline, open[1].Nature));
        Assert.Empty(await Store.DebtsAsync(new DebtFilter("beta"), default));

        // Another job's step pays the one, somebody by hand the other.
        await Appended(Second, 0, [Journals.Birth("r2"), new Began(Journals.At(4)), new DebtPaid(Journals.At(5), open[0].Id, open[0].Kind, "", null, "step 1")]);
        Assert.Equal(open[1].Id, Assert.Single(await Store.DebtsAsync(new DebtFilter(), default)).Id);
        await ToBot(new DebtSettled(Journals.At(6), open[1].Id, "alpha", Journals.Ana, "cleared by hand"));
        Assert.Empty(await Store.DebtsAsync(new DebtFilter(), default));

        var all = await Store.DebtsAsync(new DebtFilter(OpenOnly: false), default);
        Assert.Equal(
            [new DebtPayment(open[0].Id, Journals.At(5), $"job {Second}", "step 1"), new DebtPayment(open[1].Id, Journals.At(6), "Ana", "cleared by hand")],
            all.Select(d => d.Payment!));
    }

    [Fact]
    public async Task The_first_payment_of_a_debt_and_the_first_call_for_it_count()
    {
        await Appended(First, 0, [Journals.Birth("r"), new Began(Journals.At(1)), Suspended]);
        var id = $"{First}-3";
        await ToBot(new DebtOverdue(Journals.At(5), id, "alpha"));
        await ToBot(new DebtOverdue(Journals.At(6), id, "alpha"));
        Assert.Equal(Journals.At(5), Assert.Single(await Store.DebtsAsync(new DebtFilter(), default)).Told);
        await ToBot(new DebtSettled(Journals.At(7), id, "alpha", Journals.Ana, "first"));
        await ToBot(new DebtSettled(Journals.At(8), id, "alpha", Journals.Ben, "second"));
        Assert.Equal("first", Assert.Single(await Store.DebtsAsync(new DebtFilter(OpenOnly: false), default)).Payment!.Why);
    }

    [Fact]
    public async Task A_job_does_not_open_what_it_owes_already()
    {
        await Appended(First, 0, [Journals.Birth("r"), new Began(Journals.At(1)), Suspended]);
        await Assert.ThrowsAsync<IllegalTransitionException>(() => Append(First, 3, 0, [Suspended]));
        await Appended(First, 3, [new DebtPaid(Journals.At(5), $"{First}-3", Suspended.Kind, "", null, "step a1"), Suspended]);
        Assert.Equal($"{First}-5", Assert.Single(await Store.DebtsAsync(new DebtFilter(), default)).Id);
    }

    [Fact]
    public async Task The_bots_own_events_have_outbox_rows_too()
    {
        var told = new DebtOverdue(Journals.At(5), $"{First}-3", "alpha");
        Assert.Equal(new AppendOutcome.Appended(1), await Store.AppendAsync(StreamId.Bot, -1, 0, [told], [Say(0, "debt")], default));
        var row = Assert.Single(await Store.PendingOutboxAsync(10, default));
        Assert.Equal((OutboxRow.Bot, 1L, "debt", "bot1.0"), (row.Job, row.Sequence, row.Kind, row.Nonce));
        await Store.OutboxTriedAsync(row, Journals.At(6), default);
        await Store.OutboxSentAsync(row, "1/2", default);
        Assert.Empty(await Store.PendingOutboxAsync(10, default));
    }

    private async Task ToBot(JournalEvent what) => Assert.IsType<AppendOutcome.Appended>(await Store.AppendAsync(StreamId.Bot, -1, 0, [what], [], default));
}
