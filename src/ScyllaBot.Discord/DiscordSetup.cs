using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Cards;
using ScyllaBot.Discord.Commands;
using ScyllaBot.Discord.Gateway;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord;

/// <summary>How the host wires Discord.</summary>
public static class DiscordSetup
{
    /// <summary>Options are bound from <paramref name="section"/> (<see cref="DiscordOptions"/>) and checked at start.</summary>
    public static IServiceCollection AddDiscord(this IServiceCollection services, IConfiguration section) =>
        services.AddDiscord(section.Bind);

    /// <summary>
    /// Adds <see cref="IChat"/>, <see cref="DiscordHealth"/> and the bot. The host brings <see cref="IJobControl"/>,
    /// <see cref="IJobStore"/> and the engine's <see cref="TimeProvider"/>; the transport itself always runs on real time.
    /// </summary>
    public static IServiceCollection AddDiscord(this IServiceCollection services, Action<DiscordOptions> configure)
    {
        services.AddOptions<DiscordOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(p => p.GetRequiredService<IOptions<DiscordOptions>>().Value);
        services.TryAddSingleton<IDiscordRest, HttpDiscordRest>();
        services.TryAddSingleton<Func<IGatewaySocket>>(p => () => new WebSocketGateway(p.GetRequiredService<DiscordOptions>().UserAgent));
        services.AddSingleton(new DiscordHealth(TimeProvider.System));
        services.AddSingleton(p => DiscordNotes.Of(p.GetRequiredService<IJobStore>()));
        services.AddSingleton<RoleBook>();
        services.AddSingleton<DiscordApi>();
        services.AddSingleton<NoticeCard>();
        services.AddSingleton<GateKeeper>();
        services.AddSingleton<CommandRegistration>();
        services.AddSingleton<PressedButton>();
        services.AddSingleton<Completion>();
        services.AddSingleton<ScpCommand>();
        services.AddSingleton<IChat, DiscordChat>();
        var random = new SystemRandom();
        services.AddSingleton(p => ActivatorUtilities.CreateInstance<Drafts>(p, TimeProvider.System));
        services.AddSingleton(p => Real<DiscordWire>(p, random));
        services.AddSingleton(p => Real<Interactions>(p, random));
        services.AddSingleton(p => Real<GatewaySession>(
            p, random, new Func<CancellationToken, Task<GatewayAddress>>(p.GetRequiredService<DiscordApi>().GatewayAsync)));
        services.AddHostedService(p => Real<DiscordBot>(p, random));
        return services;
    }

    /// <summary>Discord's and a person's seconds are real ones, also where the engine's are not.</summary>
    private static T Real<T>(IServiceProvider provider, IRandom random, params object[] more) =>
        ActivatorUtilities.CreateInstance<T>(provider, [TimeProvider.System, random, .. more]);
}
