using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;
using ScyllaBot.Transports.Tests.Ssh;

namespace ScyllaBot.Transports.Tests.Nodes;

/// <summary>A node's own loopback asked through a real sshd, by stream and by scyllabot-node.</summary>
public sealed class SshHttpTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SshConnections _connections = new();
    private readonly HttpClient _http = HttpExchange.NewClient();
    private RealSshd _sshd = null!;
    private NodeServer _node = null!;
    private ClusterExchange _exchange = null!;

    public async Task InitializeAsync()
    {
        if (new SshdFactAttribute().Skip is null)
        {
            _sshd = await RealSshd.StartAsync();
            _node = await NodeServer.StartAsync();
            _exchange = new ClusterExchange(new HttpExchange(_http), _connections, null, null, _sshd.Program);
        }
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        if (_sshd is not null)
        {
            _exchange.Dispose();
            await _node.DisposeAsync();
        }

        await _connections.DisposeAsync();
        if (_sshd is not null)
        {
            await _sshd.DisposeAsync();
        }
    }

    [SshdFact]
    public Task A_request_and_its_answer_pass_whole_through_a_stream() => PassesWholeAsync(NodeTransport.Ssh);

    [SshdFact]
    public Task A_request_and_its_answer_pass_whole_through_the_nodes_half() => PassesWholeAsync(NodeTransport.SshExec);

    [SshdFact]
    public async Task A_port_where_nobody_listens_is_no_connection_whichever_way()
    {
        foreach (var transport in new[] { NodeTransport.Ssh, NodeTransport.SshExec })
        {
            var broken = await FailureAsync(Call(transport, "GET", "/") with { Uri = RawServer.Nobody() });
            Assert.Equal(ExchangeFailure.NotConnected, broken.Failure);
        }
    }

    [SshdFact]
    public async Task Forbidden_forwarding_is_said_plainly_and_the_other_way_works()
    {
        await _sshd.StopAsync();
        await _sshd.BootAsync("AllowTcpForwarding no");

        var broken = await FailureAsync(Call(NodeTransport.Ssh, "POST", "/drain"));

        Assert.Equal(ExchangeFailure.NotConnected, broken.Failure);
        Assert.Contains("sshd forbids forwarding", broken.Message);
        Assert.Contains("ssh_exec", broken.Message);
        Assert.Equal(0, _node.Asked);
        Assert.Equal(200, (await _exchange.SendAsync(Call(NodeTransport.SshExec, "GET", "/"), default)).Status);
    }

    [SshdFact]
    public async Task A_refusal_that_comes_before_the_request_was_written_is_said_as_plainly()
    {
        await _sshd.StopAsync();
        await _sshd.BootAsync("AllowTcpForwarding no");
        // This ssh never reads its input: each write meets a closed pipe, as it does behind a busy bot.
        _sshd.Write("deaf-ssh", "#!/bin/sh\ncase \"$*\" in *' -W '*) exec ssh \"$@\" </dev/null ;; esac\nexec ssh \"$@\"\n", executable: true);
        await using var deaf = new SshConnections(new SshSettings { Program = Path.Combine(_sshd.Folder, "deaf-ssh") });
        using var exchange = new ClusterExchange(new HttpExchange(_http), deaf, null, null, _sshd.Program);
        var call = Call(NodeTransport.Ssh, "POST", "/drain");

        var broken = await Assert.ThrowsAsync<ExchangeException>(
            () => exchange.SendAsync(call with { Body = new byte[1 << 20], ContentType = "application/octet-stream" }, default));

        Assert.Equal(ExchangeFailure.NotConnected, broken.Failure);
        Assert.Contains("sshd forbids forwarding", broken.Message);
        Assert.Equal(0, _node.Asked);
    }

    [SshdFact]
    public async Task An_answer_over_its_bound_is_a_failure_whichever_way()
    {
        foreach (var transport in new[] { NodeTransport.Ssh, NodeTransport.SshExec })
        {
            Assert.Equal(ExchangeFailure.TooLong, (await FailureAsync(Call(transport, "GET", "/long") with { MaxBytes = 100_000 })).Failure);
            Assert.Equal(200_000, (await _exchange.SendAsync(Call(transport, "GET", "/long"), default)).Body.Length);
        }
    }

    [SshdFact]
    public async Task Another_host_key_is_no_connection()
    {
        _sshd.Trust(Path.Combine(_sshd.Folder, "id.pub"));
        foreach (var transport in new[] { NodeTransport.Ssh, NodeTransport.SshExec })
        {
            var broken = await FailureAsync(Call(transport, "POST", "/drain"));
            Assert.Equal(ExchangeFailure.NotConnected, broken.Failure);
            Assert.Contains("host key", broken.Message);
        }
    }

    [SshdFact]
    public async Task A_connection_that_died_is_made_anew()
    {
        Assert.Equal(200, (await _exchange.SendAsync(Call(NodeTransport.Ssh, "GET", "/"), default)).Status);
        await _sshd.StopAsync();
        Assert.Equal(ExchangeFailure.NotConnected, (await FailureAsync(Call(NodeTransport.Ssh, "GET", "/"))).Failure);
        await _sshd.BootAsync();

        Assert.Equal(200, (await _exchange.SendAsync(Call(NodeTransport.Ssh, "GET", "/"), default)).Status);
    }

    private async Task PassesWholeAsync(NodeTransport transport)
    {
        var body = Encoding.UTF8.GetBytes("{\"a\":\"漢\"}");
        var answer = await _exchange.SendAsync(Call(transport, "POST", "/storage_service/drain?x=%2B") with { Body = body, ContentType = "application/json" }, default);

        Assert.Equal((200, $"POST /storage_service/drain?x=%2B||{body.Length}|{{\"a\":\"漢\"}}"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Contains(KeyValuePair.Create("X-Seen", "yes"), answer.Headers);
        Assert.Contains("||0|", Encoding.UTF8.GetString((await _exchange.SendAsync(Call(transport, "POST", "/"), default)).Body.Span));
    }

    private HttpCall Call(NodeTransport transport, string method, string path)
    {
        var node = _sshd.Node();
        return new HttpCall(method, new Uri(_node.Address, path), Patience) { Node = node with { Access = node.Access! with { Transport = transport } } };
    }

    private Task<ExchangeException> FailureAsync(HttpCall call) => Assert.ThrowsAsync<ExchangeException>(() => _exchange.SendAsync(call, default));
}
