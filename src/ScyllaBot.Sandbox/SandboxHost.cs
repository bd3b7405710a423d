using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Discord;
using ScyllaBot.Sandbox.Http;
using ScyllaBot.Sandbox.Oracle;
using ScyllaBot.Sandbox.Page;

namespace ScyllaBot.Sandbox;

/// <summary>One sandbox: the simulated clusters on ports of their own, everything else on one listener.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly NodePorts _ports;
    private readonly SandboxWorld _world;

    private SandboxHost(WebApplication app, NodePorts ports, SandboxWorld world)
    {
        _app = app;
        _ports = ports;
        _world = world;
    }

    /// <summary>`http://127.0.0.1:P`; known once started.</summary>
    public string Url =>
        _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>Puts the parts together; nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="options">The command line's.</param>
    /// <param name="real">The clock under the virtual one, and Discord's.</param>
    public static SandboxHost Build(SandboxOptions options, TimeProvider real)
    {
        var time = new ScaledTime(real.GetUtcNow(), options.Epoch, options.Speed, real);
        var world = new SandboxWorld(time, options.Seed, dice =>
            [Expandable(ClusterPlan.MessagesStaging(dice), dice), ClusterPlan.SearchStaging(dice), ClusterPlan.GuildsStaging(dice),
                ClusterPlan.Shadow("messages-shadow", "10.0.5.", ClusterPlan.MessagesStaging(dice), dice),
                .. options.With.Select((name, i) => Expandable(ClusterPlan.Messages(name, $"10.1.{i}.", dice), dice))]);
        var oracle = world.Agenda.Run(() => new QuorumOracle(world));
        var events = new EventStream(world, real);
        oracle.OnLoss = events.Lost;
        var ports = new NodePorts(world);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(new IPEndPoint(options.Listen.Address, options.Listen.Port));
        });
        builder.Services.AddSingleton(real);
        if (options.ExitWith is { } pid)
        {
            builder.Services.AddHostedService(services =>
                new ParentWatch(pid, services.GetRequiredService<IHostApplicationLifetime>(), real));
        }

        AddOtherParts(builder.Services);
        var app = builder.Build();
        app.MapSandbox(world, oracle, ports, events);
        app.MapClock(time, events);
        MapOtherParts(app);
        return new SandboxHost(app, ports, world);
    }

    public async Task StartAsync(CancellationToken ct)
    {
        await _ports.StartAsync(ct);
        await _app.StartAsync(ct);
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _ports.DisposeAsync();
        _world.Dispose();
    }

    /// <summary>With a machine in each rack that waits to be added.</summary>
    private static ClusterPlan Expandable(ClusterPlan plan, Dice dice) =>
        plan.WithSpare("b", dice, 10).WithSpare("c", dice, 10).WithSpare("d", dice, 10);

    private static void AddOtherParts(IServiceCollection services) => services.AddRouting().AddDiscordEmulator();

    private static void MapOtherParts(WebApplication app) => app.MapDiscordEmulator().MapPage();
}
