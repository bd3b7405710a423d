using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Demo;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Testing;

namespace ScyllaBot.EndToEnd.Control;

/// <summary>The control endpoint of a bot that is a process of its own, on a sandbox that is another.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private const string Cluster = "messages-stg";
    private readonly Processes _processes = new();
    private readonly CancellationTokenSource _patience = new(Patience.Job);

    private Scratch Files => _processes.Files;

    private string Socket => Path.Combine(Files["state"], "sandbox", ControlRoutes.SocketName);

    /// <summary>Operator and approver.</summary>
    private DemoUser Jon => _processes.Scene.User("jon", "ops");

    public Task InitializeAsync() => _processes.StartSandboxAsync(speed: 30, seed: 1);

    public async Task DisposeAsync()
    {
        await _processes.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task A_watch_goes_on_where_it_was_after_the_bot_was_killed_with_nothing_lost_and_nothing_twice()
    {
        var host = await HostAsync("[\"operate\"]", ControlChat.None);
        using var bot = new ControlClient(Socket);
        var plan = await PlanAsync(bot);
        var id = Guid.NewGuid();
        var start = ControlRoutes.Start.Url([plan.Id]);
        var job = (await bot.PostAsync<VerbAnswer>(start, new StartForm(plan.Hash), id)).Answer!.Job!;
        Assert.Equal(job, (await bot.PostAsync<VerbAnswer>(start, new StartForm(plan.Hash), id)).Answer!.Job);
        var second = WatchOnAsync(bot, job, []);
        var seen = new List<SentEvent>();
        await Jon.PressAsync("Approve", m => m.Footer.Contains(job, StringComparison.Ordinal), Patience.Answer, default);
        await foreach (var e in bot.WatchAsync(job, null, _patience.Token))
        {
            seen.Add(e);
            if (e.Name == WatchEvents.Journal && e.Data.GetProperty("kind").GetString() == "node_held")
            {
                await host.KillAsync();
            }
        }

        Assert.NotEqual(WatchEvents.End, seen[^1].Name);
        Assert.True(File.Exists(Socket), "a killed bot leaves its socket behind");
        await host.StartAgainAsync();

        // The answer to the start was lost with the old process, and so was its plan; the job was not.
        var (again, _) = await bot.PostAsync<VerbAnswer>(start, new StartForm(plan.Hash), id);
        Assert.Equal($"This plan already started job {job}.", again!.Message);
        seen = await WatchOnAsync(bot, job, seen);
        await AssertWholeAsync(bot, job, seen);
        await AssertWholeAsync(bot, job, await second);
        Assert.Equal(JobOutcome.Succeeded, (await bot.GetAsync<JobView>(ControlRoutes.Job.Url([job]))).Outcome);
        Assert.Single((await bot.GetAsync<JobList>(ControlRoutes.Jobs.Url([], ("all", "true")))).Jobs);
    }

    [Fact]
    public async Task R16_whoever_asked_in_chat_does_not_approve_on_the_socket_and_the_other_way_round()
    {
        await HostAsync("[\"operate\", \"approve\"]", ControlChat.Jon);
        using var bot = new ControlClient(Socket);
        var shown = await Jon.AskAsync("run", ("workflow", "rolling_restart"), ("cluster", Cluster));
        await Jon.PressedAsync(shown, "Start");
        var job = (await Jon.WaitAsync(m => m.Button("Approve") is not null, "the question", Patience.Answer, default)).Footer.Split(' ')[0];
        var (_, own) = await bot.PostAsync<VerbAnswer>(ControlRoutes.Decide.Url([job]), new DecideForm("start", true));
        Assert.Equal((403, "You asked for this job: somebody else must approve it."), (own!.Status, own.Detail));
        var (withdrawn, _) = await bot.PostAsync<VerbAnswer>(ControlRoutes.Decide.Url([job]), new DecideForm("start", false));
        Assert.Equal("Withdrawn.", withdrawn!.Message);

        var plan = await PlanAsync(bot);
        var mine = (await bot.PostAsync<VerbAnswer>(ControlRoutes.Start.Url([plan.Id]), new StartForm(plan.Hash))).Answer!.Job!;
        var question = await Jon.WaitAsync(m => m.Footer.Contains(mine, StringComparison.Ordinal) && m.Button("Approve") is not null, "the second question", Patience.Answer, default);
        Assert.Contains("You asked for this job", (await Jon.PressedAsync(question, "Approve")).Text, StringComparison.Ordinal);
        var said = (await bot.GetAsync<AuditList>(ControlRoutes.History.Url())).Entries;
        Assert.Contains(said, e => e is { Channel: "control", By.Name: "os:root", Decision: "refused: You asked for this job: somebody else must approve it." });
    }

    [Fact]
    public async Task Two_sandboxes_from_one_folder_have_a_socket_each_and_a_file_in_its_place_is_no_socket()
    {
        await using var first = BuiltProgram.Start("ScyllaBot", Files.Folder, "--sandbox", "--state", Files["both"], "--workflows", Files.Workflows());
        await using var second = BuiltProgram.Start("ScyllaBot", Files.Folder, "--sandbox", "--state", Files["both"], "--workflows", Files.Workflows());
        foreach (var program in new[] { first, second })
        {
            var socket = Path.Combine(Files["both"], $"sandbox-{program.Id}", ControlRoutes.SocketName);
            await Eventually.TrueAsync(() => Task.FromResult(program.HasExited ? throw new InvalidOperationException(program.Errors) : File.Exists(socket)), socket, Patience.Start);
            using var bot = new ControlClient(socket);
            Assert.True((await Eventually.GetAsync(() => FoundAsync(bot), "an answer", Patience.Answer)).Sandbox);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Socket)!);
        await File.WriteAllTextAsync(Socket, "notes");
        await using var third = BuiltProgram.Start(
            "ScyllaBot", Files.Folder, "--sandbox-url", _processes.Sandbox.Address.Page.ToString(), "--state", Files["state"], "--workflows", Files.Workflows());
        Assert.Equal(2, await third.ExitAsync(Patience.Start));
        Assert.Contains($"ScyllaBot does not start: {Socket} is no socket", third.Errors, StringComparison.Ordinal);
        Assert.Equal("notes", await File.ReadAllTextAsync(Socket));
    }

    /// <summary>On a busy machine simulated nodes may answer too late for their clock: an operator asks again.</summary>
    private static async Task<PlanView> PlanAsync(ControlClient bot)
    {
        for (var again = 0; ; again++)
        {
            var (plan, refused) = await bot.PostAsync<PlanView>(ControlRoutes.Plan.Url(), new PlanForm("rolling_restart", Cluster) { Zones = ["b"], StopAfter = 1, Reason = "by program" });
            if (plan is not null)
            {
                return plan;
            }

            Assert.True(again < 10 && refused!.Detail.Contains("no node serves", StringComparison.Ordinal), refused!.Detail);
        }
    }

    private static async Task<BotView?> FoundAsync(ControlClient bot)
    {
        try
        {
            return await bot.GetAsync<BotView>(ControlRoutes.Bot.Url());
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<HostUnderTest> HostAsync(string rights, ControlChat who)
    {
        var chat = who == ControlChat.Jon ? Jon.Id : "none";
        await File.WriteAllTextAsync(Files["appsettings.json"], $$"""
            { "ScyllaBot": { "Control": {
              "Users": { "{{Environment.UserName}}": {{rights}} }, "ChatIds": { "{{Environment.UserName}}": "{{chat}}" }, "Channel": "ops" } } }
            """);
        return await _processes.StartHostAsync();
    }

    /// <summary>Watches to the end of the job, through every break.</summary>
    private async Task<List<SentEvent>> WatchOnAsync(ControlClient bot, string job, List<SentEvent> seen)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (seen.Count == 0 || seen[^1].Name != WatchEvents.End)
        {
            try
            {
                await foreach (var e in bot.WatchAsync(job, seen.Count == 0 ? null : seen[^1].Id, _patience.Token))
                {
                    seen.Add(e);
                }
            }
            catch (HttpRequestException)
            {
                // The bot is not there yet.
            }

            await ticks.WaitForNextTickAsync(_patience.Token);
        }

        return seen;
    }

    private static async Task AssertWholeAsync(ControlClient bot, string job, List<SentEvent> seen)
    {
        var journal = (await bot.GetAsync<JournalList>(ControlRoutes.Events.Url([job], ("limit", "5000")))).Events;
        Assert.Equal(journal.Select(e => e.Sequence), seen.Where(e => e.Name == WatchEvents.Journal).Select(e => e.Data.GetProperty("sequence").GetInt64()));
        var log = (await bot.GetAsync<JobLog>(ControlRoutes.Log.Url([job], ("tail", "5000")))).Lines;
        Assert.NotEmpty(log);
        Assert.Equal(Enumerable.Range(1, log.Length).Select(n => (long)n), log.Select(l => l.Number));
        Assert.Equal(log.Select(l => l.Line), seen.Where(e => e.Name == WatchEvents.Log).Select(e => e.Data.GetProperty("line").GetString()!).Take(log.Length));
        Assert.Equal("job_ended", seen[^1].Data.GetProperty("why").GetString());
    }

    private enum ControlChat
    {
        None,
        Jon,
    }
}
