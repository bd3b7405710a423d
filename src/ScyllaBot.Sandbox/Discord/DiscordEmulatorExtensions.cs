using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ScyllaBot.Sandbox.Discord.Gateway;
using ScyllaBot.Sandbox.Discord.PageApi;
using ScyllaBot.Sandbox.Discord.Rest;

namespace ScyllaBot.Sandbox.Discord;

/// <summary>
/// Hosts the Discord emulator: REST below /api, the gateway at /gateway, attachments below /cdn, the human's side below /page-api.
/// </summary>
public static class DiscordEmulatorExtensions
{
    /// <summary>Adds the one world that <see cref="MapDiscordEmulator"/> serves.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the options; the clock stays the system's unless it says otherwise.</param>
    public static IServiceCollection AddDiscordEmulator(this IServiceCollection services, Action<DiscordEmulatorOptions>? configure = null)
    {
        var options = new DiscordEmulatorOptions();
        configure?.Invoke(options);
        return services.AddSingleton(new DiscordWorld(options));
    }

    public static WebApplication MapDiscordEmulator(this WebApplication app)
    {
        var world = app.Services.GetRequiredService<DiscordWorld>();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.UseWebSockets();
        RouteTable.Map(app, world);
        new PageEndpoints(world).Map(app, stopping);
        app.MapGet("/gateway", context => GatewayEndpoint.AcceptAsync(context, world, stopping));
        app.MapGet(GatewayGreeting.ResumePath, context => GatewayEndpoint.AcceptAsync(context, world, stopping));
        return app;
    }
}
