using System.Net.Sockets;
using System.Text.Json;
using ScyllaBot.Core.Control;
using ScyllaBot.EndToEnd.Control;
using ScyllaBot.EndToEnd.Support;
using ScyllaBot.Observe;

namespace ScyllaBot.EndToEnd.Observe;

/// <summary>A bot that is a process of its own, asked on its control socket.</summary>
public sealed class WatchedBotTests : IAsyncLifetime
{
    private const string Cluster = "messages-stg";
    private readonly Processes _processes = new();

    private Scratch Files => _processes.Files;

    private string Socket => Path.Combine(Files["state"], "sandbox", ControlRoutes.SocketName);

    public Task InitializeAsync() => _processes.StartSandboxAsync(speed: 30, seed: 1);

    public Task DisposeAsync() => _processes.DisposeAsync().AsTask();

    [Fact]
    public async Task A_bot_at_work_is_ready_counts_what_it_does_backs_itself_up_and_its_log_says_for_whom()
    {
        await File.WriteAllTextAsync(Files["appsettings.json"], $$"""
            { "ScyllaBot": { "Backup": { "Folder": {{JsonSerializer.Serialize(Files["backups"])}} }, "Control": {
              "Users": { "{{Environment.UserName}}": ["operate"] }, "ChatIds": { "{{Environment.UserName}}": "none" }, "Channel": "ops" } },
              "Logs": { "Format": "json", "Path": {{JsonSerializer.Serialize(Files["logs/bot-.log"])}} } }
            """);
        await _processes.StartHostAsync();
        using var bot = new ControlClient(Socket);
        using var pages = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, ct) => await ConnectAsync(ct) }) { BaseAddress = new Uri("http://bot") };
        await Eventually.TrueAsync(async () => (await pages.GetAsync(new Uri(ObserveRoutes.Ready, UriKind.Relative))).IsSuccessStatusCode, "the bot to be ready", Patience.Start);

        var job = await RunAsync(bot);
        var page = await pages.GetStringAsync(ObserveRoutes.Metrics);
        Assert.Equal(1, Value(page, "scyllabot_jobs_started_total"));
        Assert.Equal(1, Value(page, "scyllabot_jobs_ended_total{outcome=\"succeeded\"}"));
        Assert.Equal(1, Value(page, "scyllabot_step_duration_seconds_count{task=\"scylla-drain\"}"));
        Assert.Equal(0, Value(page, "scyllabot_held_nodes"));
        Assert.True(Value(page, "scyllabot_store_commit_seconds_count") > 10);
        Assert.True(Value(page, "scyllabot_interactions_total{result=\"acknowledged\"}") >= 1);
        Assert.Equal(1, Value(page, "scyllabot_backups_total{result=\"good\"}"));
        Assert.DoesNotContain(job, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Cluster, page, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Files["backups"], "scyllabot-*.db"));

        await _processes.EndHostAsync();
        var said = Directory.GetFiles(Files["logs"]).SelectMany(File.ReadAllLines).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Properties"))
            .Where(p => p.TryGetProperty("Operator", out _) && p.TryGetProperty("Node", out var node) && node.ValueKind == JsonValueKind.String).ToArray();
        Assert.NotEmpty(said);
        Assert.All(said, p => Assert.Equal((job, $"os:{Environment.UserName}"), (p.GetProperty("JobId").GetString(), p.GetProperty("Operator").GetString())));
    }

    private async Task<string> RunAsync(ControlClient bot)
    {
        PlanView? plan = null;
        await Eventually.TrueAsync(
            async () => (plan = (await bot.PostAsync<PlanView>(ControlRoutes.Plan.Url(), new PlanForm("rolling_restart", Cluster) { Zones = ["b"], StopAfter = 1, Reason = "watched" })).Answer) is not null,
            "a plan", Patience.Answer);
        var job = (await bot.PostAsync<VerbAnswer>(ControlRoutes.Start.Url([plan!.Id]), new StartForm(plan.Hash))).Answer!.Job!;
        await _processes.Scene.User("jon", "ops").PressAsync("Approve", m => m.Footer.Contains(job, StringComparison.Ordinal), Patience.Answer, default);
        await Eventually.TrueAsync(async () => (await bot.GetAsync<JobView>(ControlRoutes.Job.Url([job]))).Outcome is not null, "the job's end", Patience.Job);
        return job;
    }

    private async Task<NetworkStream> ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static double Value(string page, string series) => double.Parse(
        Assert.Single(page.Split('\n'), line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
