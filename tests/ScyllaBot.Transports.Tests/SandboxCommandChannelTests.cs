using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Tests;

public sealed class SandboxCommandChannelTests
{
    private static readonly RemoteCommand Drain = new(["nodetool", "drain"], TimeSpan.FromSeconds(20))
    {
        Step = "01JOB/drain/1", Receipt = "scp-01JOB-drain-1", Epoch = 7,
    };

    private readonly Http _http = new();

    [Theory]
    [InlineData(null)]
    [InlineData("http://10.0.0.1:7300/exec")]
    [InlineData("http://scylla-1.example:7300/exec")]
    [InlineData("http://127.0.0.1.example:7300/exec")]
    public async Task Only_a_door_on_this_machine_is_knocked_at(string? door)
    {
        var refused = await Assert.ThrowsAsync<ExchangeException>(() => RunAsync(door: door));
        await new SandboxCommandChannel(_http).ReleaseAsync(NodeWith(door), Drain.Receipt!, default);

        Assert.Equal(ExchangeFailure.NotConnected, refused.Failure);
        Assert.Contains("node-1 has no command channel", refused.Message);
        Assert.Empty(_http.Calls);
    }

    [Fact]
    public async Task The_command_goes_over_with_its_receipt_epoch_and_step()
    {
        _http.Says = (200, """{"exit":0,"output":"","state":"finished"}""");

        await RunAsync();

        var call = Assert.Single(_http.Calls);
        using var body = JsonDocument.Parse(call.Body);
        Assert.Equal(("POST", "http://127.0.0.1:7300/exec", Drain.Timeout), (call.Method, call.Uri.ToString(), call.Timeout));
        Assert.Equal(
            """{"argv":["nodetool","drain"],"receipt":"scp-01JOB-drain-1","epoch":7,"timeout_ms":20000,"step":"01JOB/drain/1","stdin":null}""",
            body.RootElement.GetRawText());
    }

    [Fact]
    public async Task Its_end_comes_back_and_its_lines_go_to_the_log()
    {
        _http.Says = (200, """{"exit":3,"output":"one\r\n\ntwo\n","state":"finished"}""");
        var lines = new List<string>();

        var result = await RunAsync(lines.Add);

        Assert.Equal((3, "one\r\n\ntwo\n"), (result.Exit, result.Output));
        Assert.Equal(["one", "two"], lines);
    }

    [Fact]
    public async Task A_node_that_has_seen_a_newer_lease_fences_us_off()
    {
        _http.Says = (409, """{"message":"stale epoch"}""");

        await Assert.ThrowsAsync<FencedException>(() => RunAsync());
    }

    [Theory]
    [InlineData(200, """{"exit":null,"output":"","state":"running"}""", ExchangeFailure.TimedOut)]
    [InlineData(200, """{"output":"","state":"running"}""", ExchangeFailure.TimedOut)]
    [InlineData(200, "null", ExchangeFailure.NoAnswer)]
    [InlineData(200, "<html>", ExchangeFailure.NoAnswer)]
    [InlineData(500, "", ExchangeFailure.NoAnswer)]
    [InlineData(404, "no such node", ExchangeFailure.NoAnswer)]
    public async Task What_says_no_end_is_never_taken_for_one(int status, string body, ExchangeFailure means)
    {
        _http.Says = (status, body);

        Assert.Equal(means, (await Assert.ThrowsAsync<ExchangeException>(() => RunAsync())).Failure);
    }

    [Fact]
    public async Task A_receipt_is_released_by_its_name_and_losing_that_is_no_failure()
    {
        var channel = new SandboxCommandChannel(_http);
        _http.Says = (200, "{}");
        await channel.ReleaseAsync(NodeWith("http://127.0.0.1:7300/exec"), "r1", default);
        _http.Breaks = ExchangeFailure.NoAnswer;
        await channel.ReleaseAsync(NodeWith("http://127.0.0.1:7300/exec"), "r2", default);

        Assert.Equal(
            ["""http://127.0.0.1:7300/exec/release {"receipt":"r1"}""", """http://127.0.0.1:7300/exec/release {"receipt":"r2"}"""],
            _http.Calls.Select(c => $"{c.Uri} {Encoding.UTF8.GetString(c.Body.Span)}"));
    }

    private Task<CommandResult> RunAsync(Action<string>? line = null, string? door = "http://127.0.0.1:7300/exec") =>
        new SandboxCommandChannel(_http).RunAsync(NodeWith(door), Drain, line, default);

    private static Node NodeWith(string? door) => new("node-1", "10.0.0.1", Guid.Empty, new Zone("dc", "a"))
    {
        Api = new Uri("http://127.0.0.1:1/"), Metrics = new Uri("http://127.0.0.1:1/metrics"), Commands = door is null ? null : new Uri(door),
    };

    /// <summary>Says one thing and remembers what it was asked.</summary>
    private sealed class Http : IHttpExchange
    {
        public List<HttpCall> Calls { get; } = [];

        public (int Status, string Body) Says { get; set; } = (200, "");

        public ExchangeFailure? Breaks { get; set; }

        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
        {
            Calls.Add(call);
            return Breaks is { } failure
                ? throw new ExchangeException(failure, "broken")
                : Task.FromResult(new HttpAnswer(Says.Status, ImmutableArray<KeyValuePair<string, string>>.Empty, Encoding.UTF8.GetBytes(Says.Body)));
        }
    }
}
