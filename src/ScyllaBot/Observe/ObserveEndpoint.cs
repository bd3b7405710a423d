using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ScyllaBot.Observe;

/// <summary>Health, readiness and metrics on an address of their own, and nothing else there, for whoever watches from outside.</summary>
internal sealed partial class ObserveEndpoint(IPEndPoint address, ObserveRoutes routes, ILoggerFactory logs, ILogger<ObserveEndpoint> logger) : IHostedService
{
    private const int MostConnections = 64;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);
    private InnerServer? _server;

    /// <summary>Once it listens.</summary>
    public Uri? Uri { get; private set; }

    /// <exception cref="StartRefusedException">The address is taken or not ours.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var server = _server = new InnerServer(logs, StopWithin, Configure);
        routes.Map(server.App);
        try
        {
            await server.App.StartAsync(cancellationToken);
        }
        catch (Exception taken) when (taken is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartRefusedException($"Metrics can not be offered on {address}: {taken.Message}. Set ScyllaBot:Observe:Listen to another address.");
        }

        Uri = new Uri(server.Addresses.First());
        LogListening(Uri, IPAddress.IsLoopback(address.Address) ? "this machine" : "everybody who can reach it: the pages hold no secrets and change nothing");
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxConcurrentConnections = MostConnections;
        kestrel.Limits.MaxRequestHeadersTotalSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Listen(address);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Health and metrics are on {Where}, open to {Whom}")]
    private partial void LogListening(Uri where, string whom);
}
