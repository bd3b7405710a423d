using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using Xunit;

namespace ScyllaBot.Testing;

/// <summary>What every <see cref="IJobStore"/> must do. A store's tests derive from this and say how to open one.</summary>
public abstract partial class JobStoreContract : IAsyncLifetime
{
    protected static readonly JobId First = new("0000000001AAAAAA");
    protected static readonly JobId Second = new("0000000002AAAAAA");

    protected IJobStore Store { get; private set; } = null!;

    protected abstract Task<IJobStore> OpenAsync();

    public virtual async Task InitializeAsync() => Store = await OpenAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Reads_back_what_was_appended_in_order()
    {
        var life = Journals.Life;
        await Appended(First, 0, [.. life.Take(2)]);
        await Appended(First, 2, [life[2]]);

        Assert.Equal(Written(life.Take(3)), Written(await Store.ReadAsync(StreamId.Of(First), 0, default)));
        var tail = Assert.Single(await Store.ReadAsync(StreamId.Of(First), 2, default));
        Assert.Equal((StreamId.Of(First), 3L), (tail.Stream, tail.Sequence));
        Assert.Empty(await Store.ReadAsync(StreamId.Of(First), 3, default));
        Assert.Empty(await Store.ReadAsync(StreamId.Of(Second), 0, default));
    }

    [Fact]
    public async Task Says_at_which_sequence_an_append_ended()
    {
        var outcome = await Append(First, 0, 0, [.. Journals.Life.Take(3)]);

        Assert.Equal(new AppendOutcome.Appended(3), outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Refuses_an_append_at_another_sequence_and_writes_nothing(long expected)
    {
        await Appended(First, 0, [.. Journals.Life.Take(2)]);

        var outcome = await Append(First, expected, 0, [Journals.Life[2]], Say(0));

        Assert.IsType<AppendOutcome.Conflict>(outcome);
        Assert.Equal(2, (await Store.ReadAsync(StreamId.Of(First), 0, default)).Length);
        Assert.Empty(await Store.PendingOutboxAsync(10, default));
    }

    [Fact]
    public async Task Starts_one_job_only_for_a_request_that_arrives_twice()
    {
        await Appended(First, 0, [Journals.Birth("twice")]);

        var outcome = await Append(Second, 0, 0, [Journals.Birth("twice")]);

        Assert.Equal(First, Assert.IsType<AppendOutcome.Conflict>(outcome).Other);
        Assert.Empty(await Store.ReadAsync(StreamId.Of(Second), 0, default));
        Assert.Equal(First, await Store.FindByRequestAsync("twice", default));
        Assert.Null(await Store.FindByRequestAsync("never", default));
    }

    [Fact]
    public async Task Refuses_events_that_can_not_follow_the_journal_and_writes_none_of_them()
    {
        await Appended(First, 0, [Journals.Birth("r")]);

        await Assert.ThrowsAsync<IllegalTransitionException>(() =>
            Append(First, 1, 0, [new Began(Journals.At(1)), new PauseReached(Journals.At(2))]));
        await Assert.ThrowsAsync<IllegalTransitionException>(() => Append(Second, 0, 0, [new Began(Journals.At(1))]));

        Assert.Equal(JobState.Waiting, Assert.Single(await Store.ListJobsAsync(new JobFilter(), default)).State);
        Assert.Equal(new AppendOutcome.Appended(2), await Append(First, 1, 0, [new Began(Journals.At(1))]));
    }

    [Fact]
    public async Task Takes_audit_entries_at_any_sequence_on_the_bots_stream_only()
    {
        var said = Journals.OneOfEach.OfType<Audited>().Single();

        Assert.Equal(new AppendOutcome.Appended(1), await Store.AppendAsync(StreamId.Bot, -1, 0, [said], [], default));
        Assert.Equal(new AppendOutcome.Appended(2), await Store.AppendAsync(StreamId.Bot, -1, 0, [said], [], default));
        Assert.IsType<AppendOutcome.Conflict>(await Store.AppendAsync(StreamId.Bot, 1, 0, [said], [], default));
        Assert.Equal(2, (await Store.ReadAsync(StreamId.Bot, 0, default)).Length);
        await Assert.ThrowsAsync<ArgumentException>(() => Append(First, -1, 0, [Journals.Birth("r")]));
    }

    [Fact]
    public async Task Refuses_an_append_that_makes_no_sense()
    {
        var (job, audit) = (Journals.Birth("r"), Journals.OneOfEach.OfType<Audited>().Single());

        await Assert.ThrowsAsync<ArgumentException>(() => Append(First, 0, 0, []));
        await Assert.ThrowsAsync<ArgumentException>(() => Append(First, 0, 0, [job], Say(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => Append(First, 0, -1, [job]));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(StreamId.Bot, 0, 0, [job], [], default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(new StreamId("cluster/alpha"), 0, 0, [audit], [Say(0)], default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.AppendAsync(StreamId.Of(First), 0, 0, [audit], [], default));
        Assert.Empty(await Store.ListJobsAsync(new JobFilter(), default));
    }

    [Fact]
    public async Task Lists_the_newest_jobs_first()
    {
        await Appended(Second, 0, [Journals.Birth("old", seconds: 1)]);
        await Appended(First, 0, [Journals.Birth("new", "beta", seconds: 2)]);

        Assert.Equal([First, Second], (await Store.ListJobsAsync(new JobFilter(), default)).Select(j => j.Id));
        Assert.Equal([First], (await Store.ListJobsAsync(new JobFilter(Limit: 1), default)).Select(j => j.Id));
        Assert.Equal([Second], (await Store.ListJobsAsync(new JobFilter("alpha"), default)).Select(j => j.Id));

        await Appended(First, 1, [new Ended(Journals.At(3), JobOutcome.Refused, "no")]);
        Assert.Equal([Second], (await Store.ListJobsAsync(new JobFilter(OpenOnly: true), default)).Select(j => j.Id));
        Assert.Empty(await Store.ListJobsAsync(new JobFilter("beta", OpenOnly: true), default));
    }

    [Fact]
    public async Task Summarises_a_job_as_its_journal_stands_after_every_append()
    {
        for (var i = 0; i < Journals.Life.Length; i++)
        {
            await Appended(First, i, [Journals.Life[i]]);

            var expected = Projection.Summary(Job.From(First, Journals.Life.Take(i + 1)));
            Assert.Equal(expected, Assert.Single(await Store.ListJobsAsync(new JobFilter(), default)));
        }
    }

    [Fact]
    public async Task Keeps_notes_until_they_are_removed()
    {
        await Store.WriteNoteAsync("gateway", "a", default);
        await Store.WriteNoteAsync("gateway", "b", default);
        await Store.WriteNoteAsync("commands", "c", default);
        Assert.Equal("b", await Store.ReadNoteAsync("gateway", default));

        await Store.WriteNoteAsync("gateway", null, default);
        await Store.WriteNoteAsync("never", null, default);
        Assert.Null(await Store.ReadNoteAsync("gateway", default));
        Assert.Equal("c", await Store.ReadNoteAsync("commands", default));
    }

    [Fact]
    public async Task Takes_appends_of_sixteen_writers_at_once()
    {
        const int Rounds = 40;
        var ids = Enumerable.Range(0, 16).Select(i => new JobId($"{i:d16}")).ToImmutableArray();

        await Task.WhenAll(ids.Select(id => Task.Run(async () =>
        {
            await Appended(id, 0, [Journals.Birth(id.Value), new Began(Journals.At(1))]);
            for (var i = 0; i < Rounds; i++)
            {
                await Appended(id, 2 + i, [new PlanDrifted(Journals.At(i), $"{i}")]);
            }
        })));

        foreach (var id in ids)
        {
            var journal = await Store.ReadAsync(StreamId.Of(id), 2, default);
            var said = journal.Select(e => ((PlanDrifted)e.Event).What);
            Assert.Equal(Enumerable.Range(0, Rounds).Select(i => $"{i}"), said, StringComparer.Ordinal);
            Assert.Equal(Enumerable.Range(3, Rounds).Select(i => (long)i), journal.Select(e => e.Sequence));
        }
    }

    [Fact]
    public async Task Lets_one_of_many_writers_of_a_stream_through()
    {
        await Appended(First, 0, [Journals.Birth("r")]);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => Append(First, 1, 0, [new PlanDrifted(Journals.At(i), $"{i}")]))));

        Assert.Single(outcomes.OfType<AppendOutcome.Appended>());
        Assert.Equal(15, outcomes.OfType<AppendOutcome.Conflict>().Count());
        Assert.Equal(2, (await Store.ReadAsync(StreamId.Of(First), 0, default)).Length);
    }

    [Fact]
    public async Task Writes_nothing_for_a_caller_who_has_already_given_up()
    {
        using var given = new CancellationTokenSource();
        given.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Store.AppendAsync(StreamId.Of(First), 0, 0, [Journals.Birth("r")], [], given.Token));

        Assert.Empty(await Store.ListJobsAsync(new JobFilter(), default));
    }

    protected static (int Event, OutboxItem Item) Say(int index, string kind = "say") =>
        (index, new OutboxItem(kind, "ops", "{\"text\":\"é\"}"));

    protected static IEnumerable<WrittenEvent> Written(IEnumerable<JournalEvent> events) => events.Select(JournalCodec.Write);

    protected static IEnumerable<WrittenEvent> Written(IEnumerable<JournalEntry> entries) => Written(entries.Select(e => e.Event));

    protected Task<AppendOutcome> Append(
        JobId job, long expected, long epoch, ImmutableArray<JobEvent> events,
        params ImmutableArray<(int Event, OutboxItem Item)> outbox) =>
        Store.AppendAsync(StreamId.Of(job), expected, epoch, [.. events], outbox, default);

    protected async Task Appended(
        JobId job, long expected, ImmutableArray<JobEvent> events, params ImmutableArray<(int Event, OutboxItem Item)> outbox) =>
        Assert.IsType<AppendOutcome.Appended>(await Append(job, expected, 0, events, outbox));
}
