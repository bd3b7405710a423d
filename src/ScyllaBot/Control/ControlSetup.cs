using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Discord;

namespace ScyllaBot.Control;

/// <summary>How the host wires the control endpoint.</summary>
internal static class ControlSetup
{
    private const string LogFolder = "joblogs";

    /// <param name="services">With the engine, Discord and the doctor.</param>
    /// <param name="listen">Where; null: nowhere.</param>
    /// <param name="state">Folder of the database.</param>
    /// <param name="bot">What runs.</param>
    public static IServiceCollection AddControl(this IServiceCollection services, ControlListen? listen, string state, BotFacts bot)
    {
        if (listen is null)
        {
            return services;
        }

        services.AddSingleton(listen);
        services.AddSingleton(listen.Users);
        services.AddSingleton(new JobLogBook(Path.Combine(state, LogFolder)));
        services.AddSingleton<WatchFeed>();
        services.AddSingleton(p => ChannelOf(listen, p.GetRequiredService<DiscordOptions>()));
        services.AddSingleton(bot);
        services.AddSingleton(new Repeats(TimeProvider.System));
        services.AddSingleton(new ShownPlans(TimeProvider.System));
        services.AddSingleton<AuditHistory>();
        services.AddSingleton<VerbAnswers>();
        services.AddSingleton<ReadVerbs>();
        services.AddSingleton<PlanVerbs>();
        services.AddSingleton<JobVerbs>();
        services.AddSingleton<DoctorVerbs>();
        services.AddSingleton(p => new ControlRecord(p.GetRequiredService<IJobControl>(), TimeProvider.System, p.GetRequiredService<ILogger<ControlRecord>>()));
        services.AddSingleton<ControlPipeline>();
        services.AddSingleton(p => new WatchStream(
            p.GetRequiredService<IJobControl>(), p.GetRequiredService<IJobStore>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<WatchFeed>(),
            p.GetRequiredService<JobLogBook>(), TimeProvider.System));
        services.AddSingleton<IControlRoutes, ApiRoutes>();
        services.AddSingleton<ControlEndpoint>();
        services.AddHostedService(p => p.GetRequiredService<ControlEndpoint>());
        return services;
    }

    /// <exception cref="StartRefusedException">The configured channel is none of chat's.</exception>
    private static CardChannel ChannelOf(ControlListen listen, DiscordOptions options)
    {
        var known = options.Channels.Keys.Order(StringComparer.Ordinal).ToArray();
        return listen.Channel is not { } name ? new CardChannel(known.FirstOrDefault() ?? "")
            : options.Channels.ContainsKey(name) ? new CardChannel(name)
            : throw new StartRefusedException($"ScyllaBot:Control:Channel is {name}, which is no channel of ScyllaBot:Discord:Channels: {string.Join(", ", known)}.");
    }
}
