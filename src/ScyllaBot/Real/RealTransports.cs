using ScyllaBot.Core.Ports;
using ScyllaBot.Transports;
using ScyllaBot.Transports.NodeSide;
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
        var ssh = new SshCommandChannel(_connections);
        Commands = new ClusterCommandChannel(ssh, new SandboxCommandChannel(direct));
        Helper = new NodeHelperInstall(ssh);
        NodeSide = new NodeInspection(ssh);
    }

    public IHttpExchange Http => _http;

    public ICommandChannel Commands { get; }

    /// <summary>Puts scyllabot-node on nodes.</summary>
    public NodeHelperInstall Helper { get; }

    /// <summary>Looks at scyllabot-node and sudo on nodes.</summary>
    public NodeInspection NodeSide { get; }

    public static RealTransports Open(HttpClient http) => new(http);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _connections.DisposeAsync();
    }
}
