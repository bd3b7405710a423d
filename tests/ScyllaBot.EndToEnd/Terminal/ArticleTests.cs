using System.Text.Json;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.Terminal;

/// <summary>The article's three command lines, letter by letter, in a real shell against a real bot.</summary>
public sealed class ArticleTests : IAsyncLifetime
{
    private const string Drain = "scyllactl node-task --node scylla-messages-stg-us-east1-b-1 scylla-drain";
    private const string Status = "scyllactl cluster-task --cluster messages-prd get-repair-status";

    private const string Add = """
        scyllactl job run add_nodes_to_cluster \
              --cluster=scylla-messages-prd \
              --nodes=scylla-messages-prd-us-east1-b-10,\
                scylla-messages-prd-us-east1-c-10,\
                scylla-messages-prd-us-east1-d-10
        """;

    private readonly Processes _processes = new();

    private Ctl Ctl => new(_processes.Host, _processes.Files.Folder);

    private SandboxUnderTest Sandbox => _processes.Sandbox;

    public Task InitializeAsync() => Task.CompletedTask;

    private async Task StartAsync(double speed)
    {
        await _processes.StartSandboxAsync(speed, seed: 1, with: "messages-prd");
        await _processes.StartHostAsync(settings: [("ScyllaBot__Approvals__Sandbox", "0")]);
    }

    public Task DisposeAsync() => _processes.DisposeAsync().AsTask();

    [Fact]
    public async Task A_drain_prints_its_conditions_its_work_and_nothing_else()
    {
        await StartAsync(speed: 40);

        var (code, output, errors) = await Ctl.ShellAsync(Drain);

        Assert.True(code == 0, $"{errors}\n{output}");
        Assert.Equal("", errors);
        Assert.Equal(
            """
            <time> Condition Check (Node is quorum safe): Start
            <time> Condition Check (Cluster is normal): Start
            <time> Condition Check (Cluster is normal): Condition passed duration=<duration>
            <time> Condition Check (Node is quorum safe): Condition passed duration=<duration>
            <time> All conditions passed
            <time> Start
            <time> Drain completed successfully
            <time> Finished duration=<duration>
            """, Transcript.Masked(output));
        Assert.Equal("DRAINED", (await Ctl.ShellAsync("scyllactl cluster matrix messages-stg -o json | jq -r '.rows[0].mode'")).Out.Trim());
    }

    [Fact]
    public async Task Repair_status_prints_the_managers_repairs_between_start_and_finish()
    {
        // Slow enough that a repair still runs when it is asked for.
        await StartAsync(speed: 4);
        var first = await RepairsAsync();

        // However long the command takes on a busy machine: when that repair is done it begins again.
        using var answered = new CancellationTokenSource();
        var repairing = RepeatAsync(first, answered.Token);
        var (code, output, errors) = await Ctl.ShellAsync(Status);
        await answered.CancelAsync();
        await repairing;

        Assert.True(code == 0, $"{errors}\n{output}");
        Assert.Equal("", errors);
        Assert.Equal(
            """
            <time> Start
            repair/<id>: RUNNING (keyspaces: discord.messages; schedule: every 1h)
            repair/<id>: DONE (keyspaces: discord, !discord.messages; schedule: once)
            <time> Finished duration=<duration>
            """, Transcript.Masked(output));
    }

    [Fact]
    public async Task Three_nodes_join_by_the_command_as_a_shell_cuts_it()
    {
        await StartAsync(speed: 40);

        var (code, output, errors) = await Ctl.ShellAsync(Add);

        Assert.True(code == 0, $"{errors}\n{output}");
        Assert.Contains(" succeeded after ", errors);
        Assert.DoesNotContain('\u001b', output + errors);
        string[] joined = [.. output.Split('\n').Where(l => l.Contains("Wait until everybody sees it and it has settled: Finished", StringComparison.Ordinal)).Select(l => l.Split('[', ']')[1])];
        Assert.Equal(["scylla-messages-prd-us-east1-b-10", "scylla-messages-prd-us-east1-c-10", "scylla-messages-prd-us-east1-d-10"], joined);
        var cluster = await Ctl.JsonAsync("cluster show messages-prd");
        Assert.All(cluster.GetProperty("nodes").EnumerateArray(), n => Assert.True(n.TryGetProperty("host_id", out _)));
    }

    /// <summary>What is written above is what the article has.</summary>
    [SharedFact]
    public void The_commands_and_transcripts_are_the_articles()
    {
        var article = SharedFactAttribute.Read("design/article.md").ReplaceLineEndings("\n");

        Assert.Contains($"$ {Drain}\n", article);
        Assert.Contains($"$ {Status}\n", article);
        Assert.Contains($"$ {Add.ReplaceLineEndings("\n")}\n", article);
        Assert.Equal(
            """
            <time> Condition Check (Node is quorum safe): Start
            <time> Condition Check (Cluster is normal): Start
            <time> Condition Check (Cluster is normal): Condition passed duration=<duration>
            <time> Condition Check (Node is quorum safe): Condition passed duration=<duration>
            <time> All conditions passed
            <time> Start
            <time> Drain completed successfully
            <time> Finished duration=<duration>
            """, Transcript.Masked(After(article, Drain)));
        Assert.Equal(
            """
            <time> Start
            repair/<id>: RUNNING (keyspaces: discord.messages; schedule: every 1h)
            repair/<id>: DONE (keyspaces: discord, !discord.messages; schedule: once)
            <time> Finished duration=<duration>
            """, Transcript.Masked(After(article, Status)));
    }

    private static string After(string article, string command)
    {
        var from = article.IndexOf(command + "\n", StringComparison.Ordinal) + command.Length + 1;
        return article[from..article.IndexOf("\n\n", from, StringComparison.Ordinal)];
    }

    /// <summary>The two repairs of the article instead of the weekly one: the first under way, the second done.</summary>
    /// <returns>Where the first is started.</returns>
    private async Task<Uri> RepairsAsync()
    {
        var tasks = await TasksAsync();
        foreach (var task in await ListAsync(tasks))
        {
            using var gone = await Sandbox.Http.DeleteAsync(Url($"{tasks[..^1]}/repair/{task.GetProperty("id").GetString()}"));
            gone.EnsureSuccessStatusCode();
        }

        await Sandbox.PostAsync(tasks, new { type = "repair", enabled = true, schedule = new { interval = "1h" }, properties = new { keyspace = new[] { "discord.messages" } } });
        await Sandbox.PostAsync(tasks, new { type = "repair", enabled = true, schedule = new { }, properties = new { keyspace = new[] { "discord", "!discord.messages" } } });
        var first = (await ListAsync(tasks))[0].GetProperty("id").GetString();
        await Eventually.TrueAsync(async () => (await ListAsync(tasks))[1].GetProperty("status").GetString() == "DONE", "the second repair to be done", Patience.Job);
        return Url($"{tasks[..^1]}/repair/{first}/start?continue=true");
    }

    private async Task RepeatAsync(Uri start, CancellationToken ct)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            using var started = await Sandbox.Http.PutAsync(start, null, CancellationToken.None);
            started.EnsureSuccessStatusCode();
        }
        while (!ct.IsCancellationRequested && await ticks.WaitForNextTickAsync(CancellationToken.None));
    }

    private async Task<string> TasksAsync()
    {
        const string manager = "/sandbox/services/messages-prd/manager/api/v1";
        var id = (await Sandbox.GetAsync($"{manager}/clusters"))[0].GetProperty("id").GetString();
        return $"{manager}/cluster/{id}/tasks";
    }

    private async Task<JsonElement[]> ListAsync(string tasks) => [.. (await Sandbox.GetAsync($"{tasks}?type=repair&all=true")).EnumerateArray()];

    private Uri Url(string path) => new(Sandbox.Address.Page, path);
}
