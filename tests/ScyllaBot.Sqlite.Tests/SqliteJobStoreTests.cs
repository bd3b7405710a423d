using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Sqlite.Tests;

/// <summary>The contract on SQLite; after every fact the projections are compared with the journal.</summary>
public sealed class SqliteJobStoreTests : JobStoreContract
{
    private readonly Scratch scratch = new();

    private SqliteJobStore Sqlite => (SqliteJobStore)Store;

    public override async Task DisposeAsync()
    {
        Assert.Empty(await Sqlite.CompareAsync(default));
        await Sqlite.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task Says_which_rows_do_not_follow_from_the_journal_and_makes_them_again()
    {
        await Appended(First, 0, Journals.Life[..20]);
        await Appended(Second, 0, [Journals.Birth("r2"), new Began(Journals.At(1))]);
        var before = await Jobs();
        scratch.Execute("""
            DELETE FROM step; DELETE FROM held; UPDATE lease SET epoch = 7;
            UPDATE approval SET given = 0; UPDATE job SET state = 'Ended', held = 3;
            """);

        var differences = await Sqlite.CompareAsync(default);
        foreach (var table in new[] { "- lease:", "+ lease:", "+ step:", "- approval:", "- job:", "+ job:" })
        {
            Assert.Contains(differences, d => d.StartsWith(table, StringComparison.Ordinal));
        }

        Assert.NotEqual(before, await Jobs());
        await Sqlite.RebuildAsync(default);
        Assert.Equal(before, await Jobs());
        Assert.Equal(new Lease("alpha", 1, First, Journals.At(4)), await Store.LeaseAsync("alpha", default));
    }

    [Fact]
    public async Task Remakes_rows_while_outbox_rows_refer_to_their_jobs()
    {
        await Appended(First, 0, Journals.Life, Say(0), Say(3));

        await Sqlite.RebuildAsync(default);

        Assert.Equal(2, (await Store.OutboxAsync(First, default)).Length);
        Assert.Equal(Projection.Summary(Job.From(First, Journals.Life)), Assert.Single(await Jobs()));
    }

    [Fact]
    public async Task An_event_that_is_not_known_stops_the_job_instead_of_being_skipped()
    {
        await Appended(First, 0, [Journals.Birth("r"), new Ended(Journals.At(1), JobOutcome.Refused, "")]);
        await Appended(Second, 0, [Journals.Birth("r2")]);
        scratch.Execute($"INSERT INTO event VALUES ('job/{First}', 3, 'teleported', 1, '{{}}')");

        await Assert.ThrowsAsync<UnreadableEventException>(() => Store.ReadAsync(StreamId.Of(First), 0, default));
        await Assert.ThrowsAsync<UnreadableEventException>(() => Append(First, 3, 0, [new Began(Journals.At(2))]));
        await Appended(Second, 1, [new Began(Journals.At(2))]);
        scratch.Execute("DELETE FROM event WHERE kind = 'teleported'");
    }

    [Fact]
    public async Task Finds_everything_again_after_it_was_closed()
    {
        await Appended(First, 0, Journals.Life[..10], Say(0));
        await Store.WriteNoteAsync("k", "v", default);
        await Sqlite.DisposeAsync();
        await InitializeAsync();

        Assert.Equal(Written(Journals.Life.Take(10)), Written(await Store.ReadAsync(StreamId.Of(First), 0, default)));
        Assert.Single(await Store.PendingOutboxAsync(10, default));
        Assert.Equal("v", await Store.ReadNoteAsync("k", default));
        await Appended(First, 10, [.. Journals.Life[10..]]);
        Assert.Equal(JobOutcome.Succeeded, (await Store.ListJobsAsync(new JobFilter(), default))[0].Outcome);
    }

    [Fact]
    public async Task Closing_writes_what_was_handed_over_and_refuses_what_comes_after()
    {
        await Appended(First, 0, [Journals.Birth("r")]);
        var handed = Enumerable.Range(0, 300).Select(i => Append(First, 1 + i, 0, [new PlanDrifted(Journals.At(i), "x")])).ToArray();
        await Sqlite.DisposeAsync();

        Assert.All(await Task.WhenAll(handed), o => Assert.IsType<AppendOutcome.Appended>(o));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Append(First, 301, 0, [new Began(Journals.At(1))]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Store.ListJobsAsync(new JobFilter(), default));
        await InitializeAsync();
        Assert.Equal(301, (await Store.ReadAsync(StreamId.Of(First), 0, default)).Length);
    }

    [Fact]
    public async Task A_change_the_database_refuses_costs_the_others_of_its_batch_nothing()
    {
        await Appended(First, 0, [Journals.Birth("r")]);
        scratch.Execute("""
            CREATE TRIGGER poison BEFORE INSERT ON event WHEN new.body LIKE '%poison%' BEGIN SELECT raise(ABORT, 'poisoned'); END
            """);

        var all = Enumerable.Range(0, 60).Select(i => Store.AppendAsync(
            StreamId.Of(new JobId($"{i:d16}")), 0, 0, [Journals.Birth(i % 20 == 7 ? $"poison{i}" : $"{i}")], [], default)).ToArray();
        await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(all));

        Assert.Equal([7, 27, 47], all.Index().Where(t => t.Item.IsFaulted).Select(t => t.Index));
        Assert.Equal(58, (await Store.ListJobsAsync(new JobFilter(Limit: 100), default)).Length);
        Assert.Equal(new AppendOutcome.Appended(2), await Append(First, 1, 0, [new Began(Journals.At(1))]));
    }

    [Fact]
    public async Task A_backup_is_a_store_of_the_moment_it_was_made()
    {
        await Appended(First, 0, Journals.Life, Say(0));
        var copy = scratch.PathOf("copy.db");
        await Sqlite.BackupAsync(copy, default);
        await Appended(Second, 0, [Journals.Birth("later")]);

        await using var opened = await SqliteJobStore.OpenAsync(copy);
        Assert.Equal(First, Assert.Single(await opened.ListJobsAsync(new JobFilter(), default)).Id);
        Assert.Single(await opened.OutboxAsync(First, default));
        await Assert.ThrowsAsync<IOException>(() => Sqlite.BackupAsync(copy, default));
    }

    // As a list: an ImmutableArray would be compared by identity.
    private async Task<List<JobSummary>> Jobs() => [.. await Store.ListJobsAsync(new JobFilter(), default)];

    protected override async Task<IJobStore> OpenAsync() => await SqliteJobStore.OpenAsync(scratch.Database);
}
