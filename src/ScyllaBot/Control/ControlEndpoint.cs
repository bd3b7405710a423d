using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Control;

/// <summary>The control endpoint: HTTP on a Unix socket, and on loopback where it is configured, as long as the bot lives.</summary>
internal sealed partial class ControlEndpoint(
    ControlListen listen, ControlPipeline pipeline, WatchStream watch, IEnumerable<IControlRoutes> routes, ILoggerFactory logs, ILogger<ControlEndpoint> logger) : IHostedService
{
    /// <summary>Of a request's body.</summary>
    public const int MostBytes = 64 * 1024;

    private const int MostConnections = 256;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(3);
    private InnerServer? _server;

    /// <summary>Where it listens on loopback; null: nowhere.</summary>
    public Uri? Tcp { get; private set; }

    /// <exception cref="StartRefusedException">It can not listen where it should.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var server = _server = new InnerServer(logs, StopWithin, Configure, transport => transport.UseSockets(Configure));
        var app = server.App;
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
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            throw new StartRefusedException($"The control endpoint can not listen: {taken.Message}. Set ScyllaBot:Control:Listen or ScyllaBot:Control:Socket to another place.");
        }

        Tcp = server.Addresses.Where(a => !a.Contains("unix:", StringComparison.Ordinal)).Select(a => new Uri(a)).FirstOrDefault();
        LogListening(string.Join(" and ", new[] { listen.Socket, Tcp?.ToString() }.OfType<string>()));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        watch.Stop();
        await (_server?.StopAsync(cancellationToken) ?? Task.CompletedTask);
    }

    private void Configure(KestrelServerOptions kestrel)
    {
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

    private void Configure(SocketTransportOptions sockets) => sockets.CreateBoundListenSocket = endpoint => endpoint is UnixDomainSocketEndPoint
        ? ControlSocketFile.Bind(listen.Socket!, listen.Mode) : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "The control endpoint listens on {Where}")]
    private partial void LogListening(string where);
}
