using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Demo;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Sqlite;

namespace ScyllaBot.EndToEnd.Kills;

/// <summary>The runbook's "The host is lost", as it stands there: kill -9, the state folder is gone, another host on the same clusters.</summary>
public sealed class LostHostTests : IAsyncLifetime
{
    private const string Cluster = Bed.Cluster;
    private const string Down = "scylla-messages-stg-us-east1-c-1";

    /// <summary>Longer than a start is tried before the job halts: the host is lost while this node is down by it.</summary>
    private const int Attempts = 3;

    private readonly Processes _processes = new();

    private SandboxUnderTest Sandbox => _processes.Sandbox;

    private HostUnderTest Host => _processes.Host;

    private string State => _processes.Files["state"];

    private string BackupFile => _processes.Files["backup.db"];

    private DemoUser Mara => _processes.Scene.User("mara", "ops");

    private DemoUser Jon => _processes.Scene.User("jon", "ops");

    public async Task InitializeAsync()
    {
        await _processes.StartSandboxAsync(speed: 60, seed: 20260128);
        await _processes.StartHostAsync();
    }

    public Task DisposeAsync() => _processes.DisposeAsync().AsTask();

    [Fact]
    public async Task R13_a_host_with_an_empty_database_finds_the_lost_ones_work_and_what_was_left_to_do_is_done_once_a_human_has_acknowledged()
    {
        var (lost, done) = await LoseHostAsync();
        Directory.Delete(State, recursive: true);
        await Host.StartAgainAsync();

        var plan = await PlanAsync(Mara, "run", ("workflow", "rolling_restart"), ("cluster", Cluster));
        Assert.True(plan.Plain.Contains($"{Cluster} is read-only (R13)", StringComparison.Ordinal), plan.Plain);
        var refused = (await Mara.PressedAsync(plan, "Start")).Plain;
        Assert.Contains($"lease epoch 1 on {string.Join(", ", done.Append(Down))} (this database: 0)", refused, StringComparison.Ordinal);
        Assert.Contains($"Scylla does not run on {Down}", refused, StringComparison.Ordinal);
        Assert.Contains($"of job {lost}", refused, StringComparison.Ordinal);
        Assert.Contains("read-only", (await Mara.AskAsync("takeover", ("what", Cluster), ("reason", "by hand"))).Plain, StringComparison.Ordinal);

        await BringUpAsync();
        await AcknowledgeAsync();
        var rest = await PlanAsync(Mara, "run", ("workflow", "rolling_restart"), ("cluster", Cluster), ("except", string.Join(' ', done.Append(Down))));
        Assert.DoesNotContain("read-only", rest.Plain, StringComparison.Ordinal);
        await EndAsync(await ApproveAsync(rest));
        await JudgeAsync();
    }

    [Fact]
    public async Task R13_a_host_with_an_older_database_halts_its_jobs_and_ends_them_when_a_human_has_said_what_became_of_each_node()
    {
        var (job, done) = await LoseHostAsync();
        Directory.Delete(State, recursive: true);
        Directory.CreateDirectory(Path.GetDirectoryName(Host.Database)!);
        File.Copy(BackupFile, Host.Database);
        await Host.StartAgainAsync();

        var before = (await Sandbox.EffectsAsync(Cluster)).Count(e => e.Kind is "drain" or "stop");
        await Mara.WaitAsync(m => m.Pings.Contains(Mara.Id, StringComparer.Ordinal) && m.Plain.Contains("is read-only (R13)", StringComparison.Ordinal), "the call", Patience.Answer, CancellationToken.None);
        Assert.Contains("read-only", (await Mara.AskAsync("retry", ("job", job))).Plain, StringComparison.Ordinal);
        Assert.Contains("read-only", (await Mara.AskAsync("resume", ("job", job))).Plain, StringComparison.Ordinal);

        await BringUpAsync();
        Assert.Equal(before, (await Sandbox.EffectsAsync(Cluster)).Count(e => e.Kind is "drain" or "stop"));
        Assert.Contains($"Job {job}", await AcknowledgeAsync(), StringComparison.Ordinal);

        var all = await NodesAsync();
        var choices = all.Select(n => $"{n}={(done.Contains(n) || n == Down ? "done" : "redo")}");
        var handed = await Jon.AskAsync("handback", ("job", job), ("nodes", string.Join(' ', choices)));
        Assert.Contains("goes on as a new plan", handed.Plain, StringComparison.Ordinal);
        await EndAsync(job);
        await JudgeAsync();
    }

    /// <summary>A rolling restart with a backup in the middle; it halts with a node that does not start, and then the host is gone.</summary>
    private async Task<(string Job, ImmutableArray<string> Done)> LoseHostAsync()
    {
        await _processes.Scene.InjectAsync(Cluster, Down, "start-fails", Attempts, CancellationToken.None);
        var job = await ApproveAsync(await PlanAsync(Mara, "run", ("workflow", "rolling_restart"), ("cluster", Cluster)));
        await Eventually.TrueAsync(async () => (await Sandbox.EffectsAsync(Cluster)).Any(e => e.Kind == "stop"), "the first node to be at work", Patience.Job);
        TakeBackup();
        await Mara.WaitAsync(
            m => m.Pings.Contains(Mara.Id, StringComparer.Ordinal) && m.Footer.StartsWith(job, StringComparison.Ordinal) && m.Button("Retry") is not null,
            "the halt", Patience.Job, CancellationToken.None);
        await Host.KillAsync();
        var stopped = (await Sandbox.EffectsAsync(Cluster)).Where(e => e.Kind == "stop").Select(e => e.Node).Distinct(StringComparer.Ordinal);
        return (job, [.. stopped.Where(n => n != Down).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Beside the bot that runs, by its own code.</summary>
    private void TakeBackup()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Host.Database, Pooling = false }.ToString());
        connection.Open();
        Assert.Equal(BackupFile, Backup.Write(connection, BackupFile));
    }

    private static async Task<DemoMessage> PlanAsync(DemoUser user, string verb, params (string Name, string Value)[] options)
    {
        var plan = await user.AskAsync(verb, options);
        for (var again = 0; again < 8 && plan.Button("Start") is null; again++)
        {
            // On a busy machine the simulated nodes, whose clock runs so much faster, may all answer too late: an operator asks again.
            plan = await user.AskAsync(verb, options);
        }

        Assert.True(plan.Button("Start") is not null, $"no plan but: {plan.Text}");
        return plan;
    }

    private async Task<string> ApproveAsync(DemoMessage plan)
    {
        var known = await Mara.IdsAsync();
        var said = await Mara.PressedAsync(plan, "Start");
        Assert.Contains("approval", said.Plain, StringComparison.Ordinal);
        var question = await Jon.PressAsync("Approve", m => !m.IsEphemeral && !known.Contains(m.Id), Patience.Answer, CancellationToken.None);
        return question.Footer.Split(' ')[0];
    }

    /// <summary>R4: what is down is started although the cluster is read-only.</summary>
    private async Task BringUpAsync()
    {
        var plan = await PlanAsync(Mara, "node-task", ("task", "systemd-start-service"), ("cluster", Cluster), ("node", Down), ("vars", "service=scylla-server"));
        var said = await Mara.PressedAsync(plan, "Start");
        Assert.DoesNotContain("read-only", said.Plain, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await ViewsAsync()).All(n => n.GetProperty("process").GetString() == "running" && n.GetProperty("mode").GetString() == "NORMAL"),
            "every node to serve", Patience.Job, TimeSpan.FromMilliseconds(200));
    }

    private async Task<string> AcknowledgeAsync()
    {
        Assert.Contains("Approve right", (await Mara.AskAsync("unlock", ("cluster", Cluster), ("reason", "burned"))).Plain, StringComparison.Ordinal);
        var said = (await Jon.AskAsync("unlock", ("cluster", Cluster), ("reason", "the old host burned"))).Plain;
        Assert.Contains($"Acknowledged: {Cluster} goes on with this database, from lease epoch 101 on", said, StringComparison.Ordinal);
        return said;
    }

    private Task EndAsync(string job) => Mara.WaitAsync(
        m => !m.IsEphemeral && m.Footer.StartsWith(job, StringComparison.Ordinal) && m.Title.StartsWith("✅ Succeeded", StringComparison.Ordinal),
        $"the end of {job}", Patience.Job, CancellationToken.None);

    private async Task<ImmutableArray<JsonElement>> ViewsAsync() =>
    [
        .. (await Sandbox.GetAsync("/sandbox/clusters")).GetProperty("clusters").EnumerateArray().Where(c => c.GetProperty("name").GetString() == Cluster)
            .SelectMany(c => c.GetProperty("nodes").EnumerateArray()),
    ];

    private async Task<ImmutableArray<string>> NodesAsync() => [.. (await ViewsAsync()).Select(n => n.GetProperty("name").GetString()!)];

    /// <summary>Over both hosts: every node was drained and stopped once, and no range ever lost its quorum.</summary>
    private async Task JudgeAsync()
    {
        var effects = await Sandbox.EffectsAsync(Cluster);
        var nodes = await NodesAsync();
        foreach (var kind in new[] { "drain", "stop" })
        {
            Assert.Equal(nodes.Order(StringComparer.Ordinal), effects.Where(e => e.Kind == kind).Select(e => e.Node).Order(StringComparer.Ordinal));
        }

        var verdict = await Sandbox.GetAsync($"/oracle/verdict?cluster={Cluster}");
        Assert.False(verdict.GetProperty("quorum_ever_lost").GetBoolean(), $"{verdict.GetProperty("violations")}");
        Assert.True(verdict.GetProperty("healthy").GetBoolean(), $"{verdict.GetProperty("why")}");

        await Host.KillAsync();
        await using var store = await SqliteJobStore.OpenAsync(Host.Database, CancellationToken.None);
        Assert.Empty(await store.CompareAsync(CancellationToken.None));
        var said = (await store.ReadAsync(StreamId.Bot, 0, CancellationToken.None)).Select(e => e.Event).ToArray();
        Assert.Single(said.OfType<FootprintsFound>());
        Assert.Equal("jon", Assert.Single(said.OfType<FootprintsAcknowledged>()).By.Name);
    }
}
