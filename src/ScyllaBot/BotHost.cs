using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Doctor;
using ScyllaBot.Observe;
using ScyllaBot.Real;
using ScyllaBot.Sandbox;
using ScyllaBot.Sqlite;
using ScyllaBot.Systemd;
using ScyllaBot.Transports;
using ScyllaBot.Upkeep;
using Serilog.Extensions.Logging;

namespace ScyllaBot;

/// <summary>A started bot: its world, its store, its host, let go in the right order.</summary>
internal sealed class BotHost : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _owned = new();

    public IHost Host { get; private set; } = null!;

    public BotWorld World { get; private set; } = null!;

    /// <summary>Of the control endpoint; null: it has none.</summary>
    public string? ControlSocket { get; private set; }

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
        var isReal = StartChecks.IsReal(arguments, settings, configuration);
        var library = WorkflowFiles.Load(arguments.Workflows ?? settings.Workflows);
        World = isReal ? RealStart.Open(arguments, settings, configuration, Http) : await SandboxStart.OpenAsync(arguments, settings, Http, ct);
        foreach (var owned in World.Owned)
        {
            _owned.Push(owned);
        }

        var listen = ControlListen.Of(settings.Control, World.State);
        ControlSocket = listen?.Socket;
        BotFolder.Make(World.State, listen?.Socket is { } place && Path.GetDirectoryName(place) == Path.GetFullPath(World.State) ? listen.Mode : UnixFileMode.None);
        var store = await SqliteJobStore.OpenAsync(Path.Combine(World.State, "scyllabot.db"), ct);
        _owned.Push(store);
        var meters = new BotMeters();
        var facts = new BotFacts(World.IsSandbox, TimeProvider.System.GetUtcNow());
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders().AddProvider(new SerilogLoggerProvider(logs));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddSingleton(new ResumeMode(settings.ResumeOnStart == "ask"));
        builder.Services.AddTraces(settings.Observe, facts);
        builder.Services.AddBot(new BotParts
        {
            Inventory = World.Inventory,
            Library = library,
            Store = new MeteredStore(store, meters, TimeProvider.System),
            Time = World.Time,
            Http = World.Http,
            Commands = World.Commands,
            Approvals = StartChecks.Approvals(settings),
            IsSandbox = World.IsSandbox,
            Judgement = judgement,
            MaxDisruptiveJobs = settings.MaxDisruptiveJobs,
            HaltFile = Path.Combine(World.State, HaltFile.Name),
            ExtraLog = extraLog,
            Calls = settings.Calls,
            Heartbeat = settings.Heartbeat,
            Outward = new HttpExchange(Http),
        });
        builder.Services.AddDoctor(World, configuration, settings, library, arguments.Workflows ?? settings.Workflows);
        builder.Services.AddControl(listen, World.State, facts);
        builder.Services.AddObserve(settings.Observe, meters, store, World.Inventory, facts);
        builder.Services.AddUpkeep(settings, store, World.State, World.IsSandbox);
        World.AddServices(builder.Services);
        builder.Services.AddSystemd(NotifySocket.Take());
        Host = builder.Build();
        BotComposition.Connect(Host.Services);
    }
}

/// <summary>The bot does not start; the message says what to do.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
