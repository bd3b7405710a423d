using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using Xunit;

namespace ScyllaBot.Testing;

public abstract partial class JobStoreContract
{
    private static readonly RetentionCut Everything = new(Journals.At(1_000_000), Journals.At(1_000_000));

    private IStoreUpkeep Upkeep => (IStoreUpkeep)Store;

    [Fact]
    public async Task Counts_what_waits_in_the_outbox_and_says_since_when()
    {
        Assert.Equal(new OutboxBacklog(0, null), await Upkeep.BacklogAsync(default));
        await Store.AppendAsync(StreamId.Bot, -1, 0, [new DebtOverdue(Journals.At(5), "x-1", "alpha")], [Say(0, "debt")], default);
        await Appended(First, 0, [Journals.Birth("r"), new Began(Journals.At(1))], Say(0), Say(1));
        Assert.Equal(new OutboxBacklog(3, Journals.At(5)), await Upkeep.BacklogAsync(default));
        await Store.OutboxSentAsync((await Store.PendingOutboxAsync(1, default))[0], "1/2", default);
        Assert.Equal(new OutboxBacklog(2, Journals.Birth("r").At), await Upkeep.BacklogAsync(default));
    }

    [Fact]
    public async Task Forgets_a_job_that_ended_long_ago_with_all_that_was_its_own()
    {
        await Ended("old", First, 5, Say(0));
        await Ended("later", Second, 500);
        await Confirm(First);
        await Store.WriteNoteAsync($"card/{First}", "1", default);

        var outcome = await Upkeep.ForgetAsync(new RetentionCut(Journals.At(100), Journals.At(100)), 10, default);

        Assert.Equal(First, Assert.Single(outcome.Jobs));
        Assert.True(outcome.IsDone);
        Assert.Empty(await Store.ReadAsync(StreamId.Of(First), 0, default));
        Assert.Empty(await Store.OutboxAsync(First, default));
        Assert.Null(await Store.ReadNoteAsync($"card/{First}", default));
        Assert.Null(await Store.FindByRequestAsync("old", default));
        Assert.Equal(Second, Assert.Single(await Store.ListJobsAsync(new JobFilter(), default)).Id);
        Assert.Empty((await Upkeep.ForgetAsync(new RetentionCut(Journals.At(100), Journals.At(100)), 10, default)).Jobs);
    }

    [Fact]
    public async Task Never_forgets_an_open_job_however_old_it_is()
    {
        await Appended(First, 0, [Journals.Birth("r"), new Began(Journals.At(1))]);
        Assert.Empty((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs);
        await Appended(First, 2, [new AbortAsked(Journals.At(2), Journals.Ana, false)]);
        Assert.Empty((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs);
        Assert.Equal(3, (await Store.ReadAsync(StreamId.Of(First), 0, default)).Length);
    }

    [Fact]
    public async Task Forgets_no_job_that_people_have_not_been_told_the_end_of()
    {
        await Ended("r", First, 5, Say(0));
        Assert.Empty((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs);
        await Confirm(First);
        Assert.Equal(First, Assert.Single((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs));
    }

    [Fact]
    public async Task R13_the_job_with_a_clusters_last_lease_stays_so_that_no_epoch_is_given_twice()
    {
        await Ended("r1", First, 5, 1);
        Assert.Empty((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs);
        await Ended("r2", Second, 20, 2);

        Assert.Equal(First, Assert.Single((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs));

        Assert.Equal(2, (await Store.LeaseAsync("alpha", default))!.Epoch);
        var third = new JobId("0000000003AAAAAA");
        await Appended(third, 0, [Journals.Birth("r3"), new Began(Journals.At(30))]);
        Assert.IsType<AppendOutcome.Conflict>(await Append(third, 2, 0, [new LeaseTaken(Journals.At(31), "alpha", 1)]));
        await Appended(third, 2, [new LeaseTaken(Journals.At(31), "alpha", 3)]);
    }

    [Fact]
    public async Task A_debt_keeps_the_job_that_opened_it_while_it_is_open_and_the_one_that_paid_it_while_it_is_there()
    {
        await Appended(First, 0, [Journals.Birth("r1"), new Began(Journals.At(1)), Suspended, new Ended(Journals.At(9), JobOutcome.Aborted, "")]);
        Assert.Empty((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs);

        // The payer ended before the opener did, and so is looked at first.
        await Appended(Second, 0,
            [Journals.Birth("r2"), new Began(Journals.At(2)), new DebtPaid(Journals.At(3), $"{First}-3", Suspended.Kind, "", null, "step 1"), new Ended(Journals.At(4), JobOutcome.Succeeded, "")]);
        Assert.Equal(First, Assert.Single((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs));
        Assert.Empty(await Store.DebtsAsync(new DebtFilter(OpenOnly: false), default));
        Assert.Equal(Second, Assert.Single((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs));
    }

    [Fact]
    public async Task A_debt_that_was_settled_by_hand_goes_with_its_job_and_does_not_come_back()
    {
        await Appended(First, 0, [Journals.Birth("r1"), new Began(Journals.At(1)), Suspended, new Ended(Journals.At(9), JobOutcome.Aborted, "")]);
        await ToBot(new DebtSettled(Journals.At(20), $"{First}-3", "alpha", Journals.Ana, "done"));
        Assert.Equal(First, Assert.Single((await Upkeep.ForgetAsync(Everything, 10, default)).Jobs));
        Assert.Empty(await Store.DebtsAsync(new DebtFilter(OpenOnly: false), default));
    }

    [Fact]
    public async Task Forgets_in_small_rounds_the_oldest_first()
    {
        var ids = Enumerable.Range(0, 7).Select(i => new JobId($"{i:d16}")).ToImmutableArray();
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            await Ended(id.Value, id, 100 - i);
        }

        var rounds = new List<ForgetOutcome>();
        do
        {
            rounds.Add(await Upkeep.ForgetAsync(Everything, 3, default));
        }
        while (!rounds[^1].IsDone);

        Assert.Equal([3, 3, 1], rounds.Select(r => r.Jobs.Length));
        Assert.Equal(ids.AsEnumerable().Reverse(), rounds.SelectMany(r => r.Jobs));
    }

    [Fact]
    public async Task What_people_asked_is_kept_longer_and_all_else_the_bot_wrote_for_itself_stays()
    {
        var said = Journals.OneOfEach.OfType<Audited>().Single();
        await ToBot(said with { At = Journals.At(1) });
        await ToBot(new FleetHalted(Journals.At(2), Journals.Ana, "x", false));
        await ToBot(said with { At = Journals.At(3) });
        await ToBot(said with { At = Journals.At(50) });

        Assert.Equal(0, (await Upkeep.ForgetAsync(new RetentionCut(Journals.At(1_000_000), Journals.At(1)), 10, default)).Audited);
        Assert.Equal(2, (await Upkeep.ForgetAsync(new RetentionCut(Journals.At(1_000_000), Journals.At(10)), 10, default)).Audited);
        Assert.Equal([2L, 4L], (await Store.ReadAsync(StreamId.Bot, 0, default)).Select(e => e.Sequence));

        // The last entry stays: the next one is counted from it.
        Assert.Equal(0, (await Upkeep.ForgetAsync(Everything, 10, default)).Audited);
        Assert.Equal(new AppendOutcome.Appended(5), await Store.AppendAsync(StreamId.Bot, -1, 0, [said], [], default));
    }

    private Task Ended(string request, JobId id, double at, params ImmutableArray<(int Event, OutboxItem Item)> outbox) =>
        Appended(id, 0, [Journals.Birth(request), new Ended(Journals.At(at), JobOutcome.Refused, "no")], outbox);

    private Task Ended(string request, JobId id, double at, long epoch) => Appended(
        id, 0,
        [
            Journals.Birth(request), new Began(Journals.At(at)), new LeaseTaken(Journals.At(at), "alpha", epoch), new LeaseReleased(Journals.At(at + 1), "alpha", epoch),
            new Ended(Journals.At(at + 1), JobOutcome.Succeeded, ""),
        ]);

    private async Task Confirm(JobId job)
    {
        foreach (var row in await Store.OutboxAsync(job, default))
        {
            await Store.OutboxSentAsync(row, "1/2", default);
        }
    }
}
