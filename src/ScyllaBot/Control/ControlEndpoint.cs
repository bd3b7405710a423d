using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>The control endpoint: HTTP on a Unix socket, and on loopback where it is configured, as long as the bot lives.</summary>
internal sealed partial class ControlEndpoint(
    ControlListen listen, ControlPipeline pipeline, WatchStream watch, IEnumerable<IControlRoutes> routes, ILoggerFactory logs, ILogger<ControlEndpoint> logger) : IHostedService
{
    private const int MostConnections = 256;
    private const int MostBytes = 64 * 1024;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(3);
    private WebApplication? _app;

    /// <summary>Where it listens on loopback; null: nowhere.</summary>
    public Uri? Tcp { get; private set; }

    /// <exception cref="StartRefusedException">It can not listen where it should.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var app = _app = Build();
        app.Use(next => context => pipeline.EnterAsync(context, next));
        foreach (var part in routes)
        {
            part.Map(app);
        }

        app.MapFallback("{*path}", context => throw new ProblemException(Problems.Of(
            Problems.NotFound, $"There is no {context.Request.Method} {context.Request.Path}; {ControlRoutes.OpenApi} lists what there is.")));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            throw new StartRefusedException($"The control endpoint can not listen: {taken.Message}. Set ScyllaBot:Control:Listen or ScyllaBot:Control:Socket to another place.");
        }

        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        Tcp = addresses.Where(a => !a.Contains("unix:", StringComparison.Ordinal)).Select(a => new Uri(a)).FirstOrDefault();
        LogListening(string.Join(" and ", new[] { listen.Socket, Tcp?.ToString() }.OfType<string>()));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        watch.Stop();
        if (_app is { } app)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(StopWithin);
            await app.StopAsync(patience.Token);
            await app.DisposeAsync();
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(Configure);
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = endpoint => endpoint is System.Net.Sockets.UnixDomainSocketEndPoint
            ? ControlSocketFile.Bind(listen.Socket!, listen.Mode) : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint));
        return builder.Build();
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MostBytes;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        if (listen.Socket is { } path)
        {
            kestrel.ListenUnixSocket(path);
        }

        if (listen.Tcp is { } tcp)
        {
            kestrel.Listen(tcp);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The control endpoint listens on {Where}")]
    private partial void LogListening(string where);

    /// <summary>Signals are the bot's own to act on.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
