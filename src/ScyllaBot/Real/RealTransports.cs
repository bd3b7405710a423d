using ScyllaBot.Core.Ports;
using ScyllaBot.Transports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Real;

/// <summary>What reaches real nodes: one SSH connection for each, HTTP by each cluster's transport, reads within the fleet's budget.</summary>
internal sealed class RealTransports : IAsyncDisposable
{
    private readonly SshConnections _connections = new();
    private readonly ClusterExchange _http;

    private RealTransports(HttpClient http)
    {
        var direct = new HttpExchange(http);
        _http = new ClusterExchange(direct, _connections);
        Commands = new ClusterCommandChannel(new SshCommandChannel(_connections), new SandboxCommandChannel(direct));
    }

    public IHttpExchange Http => _http;

    public ICommandChannel Commands { get; }

    public static RealTransports Open(HttpClient http) => new(http);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _connections.DisposeAsync();
    }
}
