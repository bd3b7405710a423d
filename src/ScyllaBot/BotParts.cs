using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Control;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Discord;

namespace ScyllaBot;

/// <summary>What the bot is made of, apart from where its clusters and its chat are.</summary>
internal sealed record BotParts
{
    public required InventoryBook Inventory { get; init; }

    public required WorkflowLibrary Library { get; init; }

    public required IJobStore Store { get; init; }

    /// <summary>Engine time; the chat's is always real.</summary>
    public required TimeProvider Time { get; init; }

    public required IHttpExchange Http { get; init; }

    public required ICommandChannel Commands { get; init; }

    public required ApprovalPolicy Approvals { get; init; }

    public required bool IsSandbox { get; init; }

    public CallOptions Calls { get; init; } = new();

    public HeartbeatOptions Heartbeat { get; init; } = new();

    /// <summary>From here, in real time: what pager and heartbeat are sent by.</summary>
    public required IHttpExchange Outward { get; init; }

    public Judgement Judgement { get; init; } = Judgement.Sound;

    /// <value>Default 3 (R18).</value>
    public int MaxDisruptiveJobs { get; init; } = 3;

    /// <summary>Where a file halts everything (R20).</summary>
    public required string HaltFile { get; init; }

    /// <summary>Besides the process's log and the cards.</summary>
    public ILogSink? ExtraLog { get; init; }
}

internal static class BotComposition
{
    public static IServiceCollection AddBot(this IServiceCollection services, BotParts parts)
    {
        services.AddSingleton(parts.Store);
        services.AddSingleton(parts.Time);
        services.AddSingleton<IRandom, SystemRandom>();
        services.AddSingleton<JobReaders>();
        services.AddSingleton<ProcessLogSink>();
        services.AddSingleton<LateSink>();
        services.AddSingleton(p => new JobLogSink(
            p.GetRequiredService<ILogger<JobLogSink>>(),
            [p.GetRequiredService<ProcessLogSink>(), p.GetRequiredService<LateSink>(), .. new[] { p.GetService<WatchFeed>(), parts.ExtraLog }.OfType<ILogSink>()]));
        services.AddSingleton(p => EngineOf(p, parts));
        services.AddSingleton(new WorkflowBinder(parts.Library, TaskCatalog.Core));
        services.AddSingleton(p => new JobChoices(p.GetRequiredService<WorkflowBinder>(), TaskCatalog.Core));
        services.AddSingleton(new WatchOfClusters(parts));
        services.AddSingleton(p => new JobEngine(
            parts.Inventory, p.GetRequiredService<WorkflowBinder>(), p.GetRequiredService<JobPorts>(), p.GetRequiredService<WatchOfClusters>().Of,
            p.GetRequiredService<ILogger<JobEngine>>()));
        services.AddSingleton(p => new Planner(
            parts.Inventory, p.GetRequiredService<WorkflowBinder>(), p.GetRequiredService<JobPorts>(), parts.Approvals, p.GetRequiredService<WatchOfClusters>().Of));
        services.AddSingleton<IJobControl>(p => new JobControl(
            p.GetRequiredService<JobEngine>(), p.GetRequiredService<Planner>(), p.GetRequiredService<JobPorts>(), parts.Approvals,
            p.GetRequiredService<JobChoices>(), parts.Inventory));
        services.AddSingleton(p => CardsOf(p, parts));
        services.AddSingleton(p => new OutboxDelivery(
            parts.Store, p.GetRequiredService<IChat>(), TimeProvider.System, p.GetRequiredService<IRandom>(), p.GetRequiredService<ILogger<OutboxDelivery>>(),
            row => Sent(p, row), parts.Calls.PagerUrl is { } pager ? new Pager(pager, parts.Outward) : null));
        services.AddSingleton(p => new ChatContact(p.GetRequiredService<DiscordHealth>(), TimeProvider.System));
        services.AddSingleton<ChatReader>();
        services.AddSingleton(p => new DebtKeeper(
            parts.Store, p.GetRequiredService<IJobControl>(), parts.Time, parts.IsSandbox, p.GetRequiredService<ILogger<DebtKeeper>>()));
        services.AddHostedService<ChatLoops>();
        services.AddSingleton(p => new HaltFile(parts.HaltFile, p.GetRequiredService<JobEngine>(), p.GetRequiredService<ILogger<HaltFile>>()));
        services.AddHostedService<EngineHosting>();
        services.AddHostedService(p => p.GetRequiredService<HaltFile>());
        services.AddHostedService<DebtLoop>();
        if (parts.Heartbeat.Target is { } target)
        {
            services.AddSingleton(p => new Heartbeat(
                target, Enum.Parse<HeartbeatKind>(parts.Heartbeat.By, ignoreCase: true), TimeSpan.FromSeconds(parts.Heartbeat.EverySeconds), parts.Store, parts.Outward,
                TimeProvider.System, p.GetRequiredService<ILogger<Heartbeat>>()));
            services.AddHostedService<HeartbeatLoop>();
        }

        return services;
    }

    /// <summary>Closes the ring engine → readers → cards → control → engine.</summary>
    public static void Connect(IServiceProvider provider)
    {
        var readers = provider.GetRequiredService<JobReaders>();
        readers.Add(provider.GetRequiredService<JobChoices>());
        readers.Add(provider.GetRequiredService<ChatReader>());
        if (provider.GetService<WatchFeed>() is { } watchers)
        {
            readers.Add(watchers);
        }

        foreach (var reader in provider.GetServices<IJobReader>())
        {
            readers.Add(reader);
        }

        if (provider.GetService<IDiscordWatch>() is { } watch)
        {
            provider.GetRequiredService<DiscordHealth>().Watch = watch;
        }

        provider.GetRequiredService<LateSink>().Sink = provider.GetRequiredService<CardWriter>();
    }

    private static void Sent(IServiceProvider p, OutboxRow row)
    {
        if (row.Kind != OutboxItems.Pager)
        {
            p.GetRequiredService<ChatContact>().Reached();
        }

        p.GetRequiredService<CardWriter>().Changed(row.Job);
    }

    private static JobPorts EngineOf(IServiceProvider p, BotParts parts) => new()
    {
        Store = parts.Store,
        Time = parts.Time,
        Random = p.GetRequiredService<IRandom>(),
        Http = parts.Http,
        Commands = parts.Commands,
        Log = p.GetRequiredService<JobLogSink>(),
        Readers = [p.GetRequiredService<JobReaders>()],
        Outbox = (job, e, plan) => OutboxItems.For(
            job, e, plan, parts.IsSandbox, pager: parts.Calls.PagerUrl is not null,
            chatLost: p.GetRequiredService<ChatContact>().LostFor > parts.Calls.ToSettings().AfterDown),
        Calls = parts.Calls.ToSettings(),
        ChatLostFor = () => p.GetRequiredService<ChatContact>().LostFor,
        Judgement = parts.Judgement,
        MaxDisruptiveJobs = parts.MaxDisruptiveJobs,
        Inventory = parts.Inventory,
        Approvals = parts.Approvals,
    };

    private static CardWriter CardsOf(IServiceProvider p, BotParts parts)
    {
        var control = p.GetRequiredService<IJobControl>();
        return new CardWriter(
            parts.Store, p.GetRequiredService<IChat>(), TimeProvider.System, p.GetRequiredService<IRandom>(),
            job => control.ShowAsync(job, CancellationToken.None), parts.IsSandbox, p.GetRequiredService<ILogger<CardWriter>>(), parts.Time);
    }
}

/// <summary>One watch per cluster, shared by plans and jobs.</summary>
internal sealed class WatchOfClusters(BotParts parts)
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<Cluster, ClusterWatch> _watches = [];

    // By the cluster as it was described: after a reload a running job goes on looking at what it was bound to.
    public ClusterWatch Of(Cluster cluster) => _watches.GetValue(cluster, c => new ClusterWatch(c, parts.Http, parts.Time));
}

/// <summary>A sink that is known only after the engine is made.</summary>
internal sealed class LateSink : ILogSink
{
    public ILogSink? Sink { get; set; }

    public void Write(LogLine line) => Sink?.Write(line);
}
