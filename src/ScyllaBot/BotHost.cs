using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Discord;
using ScyllaBot.Sandbox;
using ScyllaBot.Sqlite;
using ScyllaBot.Transports;
using Serilog.Extensions.Logging;

namespace ScyllaBot;

/// <summary>A started bot: its sandbox, its store, its host, let go in the right order.</summary>
internal sealed class BotHost : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();

    public IHost Host { get; private set; } = null!;

    public SandboxAddress Sandbox { get; private set; } = null!;

    public HttpClient Http { get; } = HttpExchange.NewClient();

    /// <exception cref="StartRefusedException">Configuration or files are not fit to start with; nothing was changed.</exception>
    /// <exception cref="StoreRefusedException">The database is locked, damaged or newer.</exception>
    public static async Task<BotHost> StartAsync(
        HostArguments arguments, IConfiguration configuration, Serilog.ILogger logs, Judgement judgement, ILogSink? extraLog, CancellationToken ct)
    {
        var bot = new BotHost();
        try
        {
            await bot.ComposeAsync(arguments, configuration, logs, judgement, extraLog, ct);
            await bot.Host.StartAsync(ct);
            return bot;
        }
        catch (HttpRequestException unreachable) when (bot.Host is null && arguments.SandboxUrl is { } url)
        {
            await bot.DisposeAsync();
            throw new StartRefusedException($"There is no sandbox at {url} ({unreachable.Message}). Start one, or leave out --sandbox-url.");
        }
        catch
        {
            await bot.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is { } host)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        while (_owned.TryPop(out var owned))
        {
            await owned.DisposeAsync();
        }

        Http.Dispose();
    }

    private async Task ComposeAsync(
        HostArguments arguments, IConfiguration configuration, Serilog.ILogger logs, Judgement judgement, ILogSink? extraLog, CancellationToken ct)
    {
        var settings = StartChecks.Settings(configuration);
        StartChecks.RefuseRealClusters(arguments, settings, configuration);
        var library = WorkflowFiles.Load(arguments.Workflows ?? settings.Workflows);
        await StartSandboxAsync(arguments, settings, ct);
        var time = await SandboxClock.ReadAsync(Http, Sandbox.Clock, ct);
        var inventory = StartChecks.Inventory(await Http.GetStringAsync(Sandbox.Inventory, ct));

        // A fresh sandbox knows nothing of old jobs, so it gets a database of its own; an attached one keeps the one it is given.
        var state = Path.Combine(arguments.State ?? settings.State, arguments.SandboxUrl is null ? $"sandbox-{Environment.ProcessId}" : "sandbox");
        if (arguments.SandboxUrl is null)
        {
            OldSandboxes.Remove(Path.GetDirectoryName(state)!);
        }

        var store = await SqliteJobStore.OpenAsync(Path.Combine(state, "scyllabot.db"), ct);
        _owned.Push(store);
        var exchange = new HttpExchange(Http, patience => Longest(patience / time.Factor, TimeSpan.FromSeconds(5)));
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders().AddProvider(new SerilogLoggerProvider(logs));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddHostedService(_ => new SandboxClock(Http, Sandbox.Clock, time));
        builder.Services.AddSingleton(new ResumeMode(settings.ResumeOnStart == "ask"));
        builder.Services.AddBot(new BotParts
        {
            Inventory = inventory,
            Library = library,
            Store = store,
            Time = time,
            Http = exchange,
            Commands = new SandboxCommandChannel(exchange),
            Approvals = StartChecks.Approvals(settings),
            IsSandbox = true,
            Judgement = judgement,
            ExtraLog = extraLog,
        });
        builder.Services.AddDiscord(await SandboxWorld.ReadAsync(Http, Sandbox, ct));
        Host = builder.Build();
        BotComposition.Connect(Host.Services);
    }

    private async Task StartSandboxAsync(HostArguments arguments, HostSettings settings, CancellationToken ct)
    {
        if (arguments.SandboxUrl is { } url)
        {
            Sandbox = SandboxAddress.Of(url);
            return;
        }

        var process = await SandboxProcess.StartAsync(
            arguments.Speed ?? (arguments.Demo ? DemoSpeed : settings.Sandbox.Speed), arguments.Seed ?? settings.Sandbox.Seed, ct);
        _owned.Push(process);
        Sandbox = process.Address;
    }

    private const double DemoSpeed = 60;

    private static TimeSpan Longest(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

/// <summary>The bot does not start; the message says what to do.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
