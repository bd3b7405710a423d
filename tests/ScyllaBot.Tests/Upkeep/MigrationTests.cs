using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Sqlite;
using ScyllaBot.Testing;
using ScyllaBot.Tests.Observe;

namespace ScyllaBot.Tests.Upkeep;

/// <summary>Databases as every earlier schema left them, in SQL that never changes, taken up by the engine as the host wires it (R30).</summary>
public sealed class MigrationTests : IDisposable
{
    private static readonly JobId Over = new("0000000001AAAAAA");
    private static readonly JobId Running = new("0000000002AAAAAA");
    private static readonly JobId Waiting = new("0000000003AAAAAA");
    private readonly string _folder = Directory.CreateTempSubdirectory("scyllabot-schema-").FullName;

    public static TheoryData<int> Versions => [.. Enumerable.Range(1, Directory.GetFiles(Fixtures, "state.v*.sql").Length)];

    private static string Fixtures => Path.Combine(SourceTree.Root, "tests", "ScyllaBot.Tests", "Upkeep", "Fixtures");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task R30_a_database_of_an_earlier_schema_is_brought_up_to_date_and_its_jobs_go_on_to_their_end(int version)
    {
        var path = Restore(version);
        await using var store = await SqliteJobStore.OpenAsync(path);
        Assert.Empty(await store.CompareAsync(default));
        Assert.Equal([Waiting, Running, Over], (await store.ListJobsAsync(new JobFilter(), default)).Select(j => j.Id));
        Assert.Equal((2L, Running), ((await store.LeaseAsync("alpha", default))!.Epoch, (await store.LeaseAsync("alpha", default))!.Job));
        Assert.Equal("{\"session\":\"s\"}", await store.ReadNoteAsync("gateway", default));
        Assert.Equal(Running, Assert.Single(await store.PendingOutboxAsync(10, default)).Job);

        var ends = new Ends();
        await using (var rig = await ObserveRig.StartAsync(services => services.AddSingleton<IJobReader>(ends), _ => store))
        {
            var control = rig.Services.GetRequiredService<IJobControl>();
            var ana = new Actor(Journals.Ana, Rights.Read | Rights.Operate | Rights.Approve, [], "ops", "interaction-9");
            Assert.IsType<Outcome.Done>(await control.AbortAsync(ana, Waiting, now: false, default));
            await PassAsync(rig, store, ends.Of(Running));
            await PassAsync(rig, store, ends.Of(Waiting));
            await rig.Services.GetRequiredService<JobEngine>().DisposeAsync();
        }

        var journal = (await store.ReadAsync(StreamId.Of(Running), 6, default)).Select(e => e.Event).ToImmutableArray();
        Assert.IsType<HostResumed>(journal[0]);
        Assert.Equal("two", Assert.Single(journal.OfType<Announced>()).Message);
        Assert.DoesNotContain(journal.OfType<StepStarted>(), s => s.Key.Path == "1");
        Assert.Equal(JobOutcome.Succeeded, ((Ended)journal[^1]).Outcome);
        Assert.Null((await store.LeaseAsync("alpha", default))!.Job);
        Assert.Empty(await store.CompareAsync(default));
    }

    [Fact]
    public async Task The_newest_fixture_is_of_the_schema_that_this_version_writes()
    {
        var path = Path.Combine(_folder, "new.db");
        await using (await SqliteJobStore.OpenAsync(path))
        {
            // Made.
        }

        Assert.Equal(Versions.Count, Ask(path, "PRAGMA user_version").Single());
        var old = Restore(Versions.Count);
        const string Tables = "SELECT replace(replace(sql, '\"', ''), char(10), ' ') FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1";
        Assert.Equal(Ask(path, Tables), Ask(old, Tables));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_database_of_any_version_ends_with_the_same_tables_as_a_new_one(int version)
    {
        var (path, made) = (Restore(version), Path.Combine(_folder, "new.db"));
        await using (await SqliteJobStore.OpenAsync(path))
        await using (await SqliteJobStore.OpenAsync(made))
        {
            // Migrated and made.
        }

        const string Columns = "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY 1";
        Assert.Equal(Ask(made, Columns), Ask(path, Columns));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Restore(int version)
    {
        var path = Path.Combine(_folder, $"v{version}.db");
        Run(path, command =>
        {
            command.CommandText = File.ReadAllText(Path.Combine(Fixtures, $"state.v{version}.sql"));
            command.ExecuteNonQuery();
        });
        return path;
    }

    private static List<object> Ask(string path, string sql)
    {
        var rows = new List<object>();
        Run(path, command =>
        {
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(reader.GetFieldType(0) == typeof(long) ? (int)reader.GetInt64(0) : reader.GetString(0));
            }
        });
        return rows;
    }

    private static void Run(string path, Action<SqliteCommand> what)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        what(command);
    }

    /// <summary>Engine time goes on until it has happened, and never ahead of the store: a commit of ours waits behind those of the engine.</summary>
    private static async Task PassAsync(ObserveRig rig, SqliteJobStore store, Task happened)
    {
        for (var i = 0; !happened.IsCompleted && i < 50_000; i++)
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(100));
            await store.WriteNoteAsync("a test's", $"{i}", default);
        }

        Assert.True(happened.IsCompleted, "it has not ended after hours");
    }

    private sealed class Ends : IJobReader
    {
        private readonly System.Collections.Concurrent.ConcurrentDictionary<JobId, TaskCompletionSource> _ends = new();

        public Task Of(JobId job) => Source(job).Task;

        public void Committed(Job job, ImmutableArray<JobEvent> events)
        {
            if (!job.IsOpen)
            {
                Source(job.Id).TrySetResult();
            }
        }

        public void Touched(JobId job)
        {
            // It has not ended by that.
        }

        private TaskCompletionSource Source(JobId job) => _ends.GetOrAdd(job, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
