using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>The two ports of one node and the endpoints they got.</summary>
internal sealed record NodePort(SimNode Node, bool Metrics)
{
    /// <summary>The phase from which the port listens.</summary>
    public StartPhase From => Metrics ? StartPhase.MetricsOnly : StartPhase.RestListening;

    public ListenOptions? Listener { get; set; }

    /// <summary>Known once the server runs.</summary>
    public string Url => $"http://{Listener?.IPEndPoint ?? throw new InvalidOperationException("The node's ports are not open yet.")}";
}

/// <summary>
/// One server for the REST and the metrics ports of all nodes. A socket of ours listens also while the simulated process does not: then
/// connections are reset at once, which is the nearest thing to a refusal.
/// </summary>
internal sealed class NodePorts : IAsyncDisposable
{
    /// <summary>Characters of a step's name that are believed; a longer one is nobody's.</summary>
    private const int LongestStep = 300;

    private readonly SandboxWorld _world;
    private readonly NodeRest _rest;
    private readonly Func<SimNode, string, string, RestAnswer?> _first;
    private readonly WebApplication _app;
    private readonly List<NodePort> _ports = [];

    /// <summary>Nothing listens before <see cref="StartAsync"/>.</summary>
    /// <param name="world">Whose nodes.</param>
    /// <param name="where">Where a node's REST (false) or metrics (true) port listens, null for nowhere; default: any free loopback port.</param>
    /// <param name="first">Answers before the node does, or does not (null). Called inside the agenda.</param>
    public NodePorts(SandboxWorld world, Func<SimNode, bool, IPEndPoint?>? where = null, Func<SimNode, string, string, RestAnswer?>? first = null)
    {
        _world = world;
        _first = first ?? ((_, _, _) => null);
        where ??= (_, _) => new IPEndPoint(IPAddress.Loopback, 0);
        _rest = new NodeRest(world);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var node in world.Nodes)
            {
                Listen(kestrel, new NodePort(node, Metrics: false), where(node, false));
                Listen(kestrel, new NodePort(node, Metrics: true), where(node, true));
            }
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public Task StartAsync(CancellationToken ct) => _app.StartAsync(ct);

    public NodePort Of(SimNode node, bool metrics) => _ports.First(port => port.Node == node && port.Metrics == metrics);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Listen(KestrelServerOptions kestrel, NodePort port, IPEndPoint? where)
    {
        if (where is not null)
        {
            kestrel.Listen(where, listen => Listen(listen, port));
        }
    }

    private void Listen(ListenOptions listen, NodePort port)
    {
        port.Listener = listen;
        _ports.Add(port);
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            if (!Listening(port))
            {
                Reset(connection);
                return Task.CompletedTask;
            }

            connection.Features.Set(port);
            return next(connection);
        });
    }

    private bool Listening(NodePort port) => _world.Agenda.Run(() => port.Node.Phase >= port.From);

    private async Task HandleAsync(HttpContext http)
    {
        var port = http.Features.GetRequiredFeature<NodePort>();
        if (port.Metrics)
        {
            await MetricsAsync(http, port.Node);
            return;
        }

        var query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var step = http.Request.Headers["X-ScyllaBot-Step"].ToString();
        var path = http.Request.Path.Value ?? "/";
        var answer = _world.Agenda.Run(() => _first(port.Node, http.Request.Method, path)) ?? await _rest
            .AnswerAsync(port.Node, http.Request.Method, path, query, step.Length is 0 or > LongestStep ? null : step)
            .WaitAsync(http.RequestAborted);
        if (answer.Status == 0)
        {
            Reset(http);
            return;
        }

        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.Body, http.RequestAborted);
    }

    private async Task MetricsAsync(HttpContext http, SimNode node)
    {
        if (_world.Agenda.Run(() => MetricsText.Of(node)) is not { } text)
        {
            Reset(http);
        }
        else if (!http.Request.Path.Equals("/metrics", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 404;
        }
        else
        {
            http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await http.Response.WriteAsync(text, http.RequestAborted);
        }
    }

    private static void Reset(HttpContext http)
    {
        Linger(http.Features.Get<IConnectionSocketFeature>());
        http.Abort();
    }

    private static void Reset(ConnectionContext connection)
    {
        Linger(connection.Features.Get<IConnectionSocketFeature>());
        connection.Abort();
    }

    /// <summary>Closing with a linger of zero sends RST instead of FIN.</summary>
    private static void Linger(IConnectionSocketFeature? feature)
    {
        if (feature is not null)
        {
            feature.Socket.LingerState = new LingerOption(enable: true, 0);
        }
    }
}
