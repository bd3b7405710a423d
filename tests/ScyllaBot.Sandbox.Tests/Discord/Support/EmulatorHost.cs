using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Discord;

namespace ScyllaBot.Sandbox.Tests.Discord.Support;

/// <summary>The emulator on a real loopback socket, with a clock that stands still until a test moves it.</summary>
internal sealed class EmulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EmulatorHost(WebApplication app, string address, ManualTime time)
    {
        (_app, Time) = (app, time);
        Bot = new BotRest(address);
        Human = new HumanClient(address);
        Address = address;
    }

    public string Address { get; }

    public ManualTime Time { get; }

    public BotRest Bot { get; }

    public HumanClient Human { get; }

    public static async Task<EmulatorHost> StartAsync(Action<DiscordEmulatorOptions>? configure = null)
    {
        var time = new ManualTime();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddDiscordEmulator(options =>
        {
            options.Time = time;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapDiscordEmulator();
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new EmulatorHost(app, address, time);
    }

    /// <summary>A bot that is online: identified, READY and GUILD_CREATE read.</summary>
    public async Task<BotGateway> OnlineAsync(int intents = 1)
    {
        var gateway = await BotGateway.ConnectAsync(Address);
        await gateway.IdentifyAsync(intents);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        Bot.Dispose();
        Human.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
