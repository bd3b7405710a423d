using System.Collections.Concurrent;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.Nodes;

/// <summary>HTTP through streams that <c>ssh -W</c> opens over the node's one connection; they are kept open and used again.</summary>
internal sealed class SshStreams(SshConnections connections, TimeProvider? time) : IDisposable
{
    private readonly ConcurrentDictionary<SshTarget, Lazy<HttpClient>> _clients = new();

    public async Task<HttpAnswer> SendAsync(HttpCall call, NodeAccess access, CancellationToken ct)
    {
        // A pool for each target: every node's API has the same address, its own loopback.
        var client = _clients.GetOrAdd(SshTarget.Of(access), _ => new Lazy<HttpClient>(() => NewClient(access))).Value;
        try
        {
            return await new HttpExchange(client, time: time).SendAsync(call, ct);
        }
        catch (ExchangeException broken) when (Cause(broken) is { } cause)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, cause.Message, cause);
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
        {
            client.Value.Dispose();
        }
    }

    private HttpClient NewClient(NodeAccess access) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, ct) =>
            await ForwardStream.OpenAsync(connections.Of(access), context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct),
        ConnectTimeout = TimeSpan.FromSeconds(45),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        MaxConnectionsPerServer = 4,
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    // What kept the stream from being opened, however deep HttpClient wraps it: then nothing was sent.
    private static Exception? Cause(Exception? broken)
    {
        for (; broken is not null; broken = broken.InnerException)
        {
            if (broken is StreamNotOpenedException or RefusedException or ExchangeException { Failure: ExchangeFailure.NotConnected, InnerException: null })
            {
                return broken;
            }
        }

        return null;
    }
}
