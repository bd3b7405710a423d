using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Control;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord;

namespace ScyllaBot.Observe;

/// <summary>How the host wires what can be seen of it.</summary>
internal static class ObserveSetup
{
    /// <summary>Before the engine, so that it begins before the first job is taken up and ends after the last was let go.</summary>
    public static IServiceCollection AddTraces(this IServiceCollection services, ObserveSettings settings, BotFacts bot)
    {
        if (settings.Collector is { } collector)
        {
            services.AddSingleton(p => new JobTraces((job, path) => p.GetRequiredService<JobEngine>().TaskOf(job, path)));
            services.AddSingleton<IJobReader>(p => p.GetRequiredService<JobTraces>());
            services.AddHostedService(p => new TraceExport(collector, bot.Version, p.GetRequiredService<JobTraces>()));
        }

        return services;
    }

    /// <param name="services">With the engine, the store and Discord.</param>
    /// <param name="settings">Checked.</param>
    /// <param name="meters">That the store counts into already.</param>
    /// <param name="upkeep">The store.</param>
    /// <param name="inventory">Clusters and their modes.</param>
    /// <param name="bot">What runs.</param>
    public static IServiceCollection AddObserve(
        this IServiceCollection services, ObserveSettings settings, BotMeters meters, IStoreUpkeep upkeep, InventoryBook inventory, BotFacts bot)
    {
        var real = TimeProvider.System;
        services.AddSingleton(meters);
        services.AddSingleton<IDiscordWatch>(meters);
        services.AddSingleton(upkeep);
        services.AddSingleton<OpenJobs>();
        services.AddSingleton<IJobReader>(p => p.GetRequiredService<OpenJobs>());
        services.AddSingleton<IJobReader>(p => new JobMeter(meters, p.GetRequiredService<JobEngine>().TaskOf));
        services.AddSingleton<IVital, EngineVital>();
        services.AddSingleton<IVital>(p => new StoreVital(p.GetRequiredService<IJobStore>(), real));
        services.AddSingleton<IVital>(p => new GatewayVital(p.GetRequiredService<DiscordHealth>(), real));
        services.AddSingleton<IVital>(new InventoryVital(inventory));
        services.AddSingleton<IVital>(p => new OutboxVital(upkeep, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(p => new HeartbeatVital(p.GetService<Heartbeat>(), bot.Started, real));
        services.AddSingleton<IVital>(p => p.GetRequiredService<HeartbeatVital>());
        services.AddSingleton(p => new Vitals(p.GetServices<IVital>(), real));
        services.AddSingleton<IGauges>(p => new StateGauges(
            p.GetRequiredService<OpenJobs>(), p.GetRequiredService<IJobStore>(), p.GetRequiredService<JobEngine>(), p.GetRequiredService<JobPorts>().Fleet, inventory,
            p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IGauges>(p => new HostGauges(
            bot, p.GetRequiredService<DiscordHealth>(), p.GetRequiredService<HeartbeatVital>(), upkeep, p.GetRequiredService<TimeProvider>(), real));
        services.AddSingleton(p => new MetricsPage(
            meters, p.GetRequiredService<Vitals>(), p.GetServices<IGauges>(), real, p.GetRequiredService<ILogger<MetricsPage>>()));
        services.AddSingleton<ObserveRoutes>();
        services.AddSingleton<IControlRoutes>(p => p.GetRequiredService<ObserveRoutes>());
        if (settings.Address is { } address)
        {
            services.AddSingleton(p => ActivatorUtilities.CreateInstance<ObserveEndpoint>(p, address));
            services.AddHostedService(p => p.GetRequiredService<ObserveEndpoint>());
        }

        return services;
    }
}
