using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.NodeSide;
using ScyllaBot.Transports.Nodes;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports;

/// <summary>Each call by the transport of its node (decision 6), with its secrets put in, and reads of nodes within the fleet's budget.</summary>
public sealed class ClusterExchange : IHttpExchange, IDisposable
{
    private readonly IHttpExchange _direct;
    private readonly SshStreams _ssh;
    private readonly SshExecHttp _exec;
    private readonly AgentHttp _agent;
    private readonly PollGate _reads;

    /// <param name="direct">HTTP from here.</param>
    /// <param name="connections">The process's SSH connections; not disposed of here.</param>
    /// <param name="budget">Null = its defaults.</param>
    /// <param name="time">Measures real time; default the system's.</param>
    public ClusterExchange(IHttpExchange direct, SshConnections connections, PollBudget? budget = null, TimeProvider? time = null)
        : this(direct, connections, budget, time, NodeProgram.Own)
    {
    }

    internal ClusterExchange(IHttpExchange direct, SshConnections connections, PollBudget? budget, TimeProvider? time, NodeProgram program)
    {
        _direct = direct;
        _ssh = new SshStreams(connections, time);
        _exec = new SshExecHttp(connections, program);
        _agent = new AgentHttp(time);
        _reads = new PollGate(budget ?? new PollBudget(), time ?? TimeProvider.System);
    }

    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        var filled = Filled(call);
        if (call.Node is null || !IsRead(call))
        {
            return await CarryAsync(filled, ct);
        }

        using var place = await _reads.EnterAsync(call.Node.Name, ct);
        return await CarryAsync(filled, ct);
    }

    public void Dispose()
    {
        _ssh.Dispose();
        _agent.Dispose();
        _reads.Dispose();
    }

    private Task<HttpAnswer> CarryAsync(HttpCall call, CancellationToken ct) => call.Node?.Access?.Transport switch
    {
        null or NodeTransport.Direct => _direct.SendAsync(call, ct),
        NodeTransport.Ssh => _ssh.SendAsync(call, call.Node.Access, ct),
        NodeTransport.SshExec => _exec.SendAsync(call, call.Node.Access, ct),
        NodeTransport.Agent => _agent.SendAsync(call, call.Node, call.Node.Access.Agent, ct),
        var other => throw new ExchangeException(ExchangeFailure.NotConnected, $"no transport {other}"),
    };

    // Two GETs change data (facts 1.2): they are changes, and wait for nobody.
    private static bool IsRead(HttpCall call) => call.Method is "GET" or "HEAD"
        && !call.Uri.AbsolutePath.Contains("/keyspace_scrub/", StringComparison.Ordinal)
        && !call.Uri.AbsolutePath.Contains("/keyspace_upgrade_sstables/", StringComparison.Ordinal);

    private static HttpCall Filled(HttpCall call) => call.Secrets.Length == 0 ? call : call with
    {
        Secrets = [],
        Headers = [.. call.Headers.Select(h => KeyValuePair.Create(h.Key, Secrets.Fill(h.Value, call.Secrets)))],
        Body = Secrets.Fill(call.Body, call.Secrets, call.ContentType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true),
    };
}
