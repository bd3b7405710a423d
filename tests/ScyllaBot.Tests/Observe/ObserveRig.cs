using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;
using ScyllaBot.Observe;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Observe;

/// <summary>The bot as the host wires it, without clusters that answer and without Discord, and its pages on a real address.</summary>
internal sealed class ObserveRig : IAsyncDisposable
{
    public const string Inventory = """
        clusters:
          - name: alpha
            environment: staging
            mode: run
            nodes:
              - {name: alpha-a-1, address: 10.0.1.1, dc: dc1, rack: a}
          - name: beta
            environment: staging
            nodes:
              - {name: beta-a-1, address: 10.0.2.1, dc: dc1, rack: a}
        """;

    private ObserveRig(ServiceProvider services, InMemoryJobStore store, ManualTime time)
    {
        (Services, Store, Time) = (services, store, time);
    }

    public ServiceProvider Services { get; }

    public InMemoryJobStore Store { get; }

    /// <summary>The engine's.</summary>
    public ManualTime Time { get; }

    public HttpClient Http { get; private set; } = null!;

    public DiscordHealth Discord => Services.GetRequiredService<DiscordHealth>();

    public BotMeters Meters => Services.GetRequiredService<BotMeters>();

    public static async Task<ObserveRig> StartAsync(Action<IServiceCollection>? more = null, Func<IJobStore, IJobStore>? around = null, bool resume = true)
    {
        var (store, time, meters) = (new InMemoryJobStore(), new ManualTime(Journals.Start), new BotMeters());
        var book = new InventoryBook(StartChecks.Inventory("inventory.yaml", Inventory));
        var http = new Nobody();
        var services = new ServiceCollection().AddLogging().AddSingleton(new DiscordHealth(TimeProvider.System)).AddSingleton((IChat)new Nobody());
        services.AddBot(new BotParts
        {
            Inventory = book, Library = WorkflowLibrary.Of([], TaskCatalog.Core), Store = new MeteredStore(around?.Invoke(store) ?? store, meters, TimeProvider.System),
            Time = time, Http = http, Commands = http, Approvals = new ApprovalPolicy(), IsSandbox = true, Outward = http,
            HaltFile = Path.Combine(Path.GetTempPath(), "scyllabot-no-such-file"),
        });
        services.AddObserve(new ObserveSettings { Listen = "127.0.0.1:0" }, meters, store, book, new BotFacts(IsSandbox: true, TimeProvider.System.GetUtcNow()));
        more?.Invoke(services);
        var rig = new ObserveRig(services.BuildServiceProvider(), store, time);
        BotComposition.Connect(rig.Services);
        if (resume)
        {
            await rig.Services.GetRequiredService<JobEngine>().ResumeAllAsync(ask: false, default);
        }

        var endpoint = rig.Services.GetRequiredService<ObserveEndpoint>();
        await endpoint.StartAsync(default);
        rig.Http = new HttpClient { BaseAddress = endpoint.Uri };
        return rig;
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.Clone());
    }

    /// <summary>State and sentence of a part.</summary>
    public static (string State, string Says) Part(JsonElement answer, string name)
    {
        var part = answer.GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);
        return (part.GetProperty("state").GetString()!, part.GetProperty("says").GetString()!);
    }

    /// <summary>The value of a series as it stands on the page.</summary>
    public static double Value(string page, string series) => double.Parse(
        Assert.Single(page.Split('\n'), line => line.StartsWith(series + " ", StringComparison.Ordinal))[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Nobody is there.</summary>
    private sealed class Nobody : IHttpExchange, ICommandChannel, IChat
    {
        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new RecoverableException("nobody is there");

        public Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) => throw new RecoverableException("nobody is there");

        public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => throw new RecoverableException("nobody is there");

        public Task<MessageRef> PostAsync(string channel, Notice notice, string nonce, CancellationToken ct) => throw new RecoverableException("nobody is there");

        public Task<MessageRef?> FindAsync(string channel, string nonce, CancellationToken ct) => throw new RecoverableException("nobody is there");

        public Task UpdateAsync(MessageRef message, Notice notice, CancellationToken ct) => throw new RecoverableException("nobody is there");

        public Task LogAsync(MessageRef message, string threadName, IReadOnlyList<string> lines, CancellationToken ct) => throw new RecoverableException("nobody is there");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Services.GetRequiredService<ObserveEndpoint>().StopAsync(default);
        await Services.DisposeAsync();
    }
}
