using System.Text;
using ScyllaBot.Core.Ports;
using ScyllaBot.Testing;

namespace ScyllaBot.Transports.Tests;

public sealed class HttpExchangeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();
    private readonly HttpClient _http = HttpExchange.NewClient();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_answer_is_handed_on_whatever_its_status()
    {
        await using var server = new RawServer(RawServer.Answer(503, "busy", "Retry-After: 7\r\n"));

        var answer = await SendAsync(new HttpCall("GET", server.Address, Patience));

        Assert.Equal((503, "busy"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Contains(KeyValuePair.Create("Retry-After", "7"), answer.Headers);
    }

    [Fact]
    public async Task A_socket_that_fails_in_its_own_words_is_an_answer_that_did_not_come()
    {
        using var client = new HttpClient(new Broken());

        var failed = await Assert.ThrowsAsync<ExchangeException>(() => new HttpExchange(client).SendAsync(new HttpCall("GET", new Uri("http://127.0.0.1:1"), Patience), default));

        Assert.Equal(ExchangeFailure.NoAnswer, failed.Failure);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using var elsewhere = new RawServer(RawServer.Answer(200, "elsewhere"));
        await using var server = new RawServer(RawServer.Answer(302, "", $"Location: {elsewhere.Address}\r\n"));

        Assert.Equal(302, (await SendAsync(new HttpCall("GET", server.Address, Patience))).Status);
        Assert.False(elsewhere.Asked.IsCompleted);
    }

    [Fact]
    public async Task An_empty_post_says_that_it_is_empty()
    {
        await using var server = new RawServer(RawServer.Answer(200, ""));

        await SendAsync(new HttpCall("POST", server.Address, Patience));

        Assert.Contains("\r\nContent-Length: 0\r\n", await server.Asked);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task What_changes_something_goes_over_the_wire_once_when_the_connection_is_closed_under_it(string method)
    {
        await using var server = new FickleServer(answers: 1);
        using var client = HttpExchange.NewClient();
        var exchange = new HttpExchange(client);
        await exchange.SendAsync(new HttpCall("GET", server.Address, Patience), default);

        var pooled = await Assert.ThrowsAsync<ExchangeException>(() => exchange.SendAsync(new HttpCall(method, server.Address, Patience) { Once = true }, default));
        Assert.Equal((ExchangeFailure.NoAnswer, 2, 1), (pooled.Failure, server.Requests, server.Connections));

        var fresh = await Assert.ThrowsAsync<ExchangeException>(() => exchange.SendAsync(new HttpCall(method, server.Address, Patience) { Once = true }, default));
        Assert.Equal((ExchangeFailure.NoAnswer, 3, 2), (fresh.Failure, server.Requests, server.Connections));
    }

    [Fact]
    public async Task What_only_reads_is_asked_again_by_the_client_itself_when_a_kept_connection_is_closed()
    {
        await using var server = new FickleServer(answers: 1);
        using var client = HttpExchange.NewClient();
        var exchange = new HttpExchange(client);
        await exchange.SendAsync(new HttpCall("GET", server.Address, Patience), default);

        await Assert.ThrowsAsync<ExchangeException>(() => exchange.SendAsync(new HttpCall("GET", server.Address, Patience), default));
        Assert.True(server.Requests > 2);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public async Task An_answer_over_its_bound_is_a_failure_and_not_a_part_of_it(int bound, bool fits)
    {
        await using var server = new RawServer(RawServer.Answer(200, "0123456789"));
        var call = new HttpCall("GET", server.Address, Patience) { MaxBytes = bound };

        if (fits)
        {
            Assert.Equal(10, (await SendAsync(call)).Body.Length);
        }
        else
        {
            Assert.Equal(ExchangeFailure.TooLong, await FailureAsync(call));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")]
    public async Task A_server_that_says_no_more_is_waited_for_as_long_as_the_call_says(string says)
    {
        await using var server = new RawServer(says, hangsUp: false);
        var sending = FailureAsync(new HttpCall("GET", server.Address, Patience));
        await server.Asked;

        _time.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ExchangeFailure.TimedOut, await sending);
    }

    [Fact]
    public async Task Patience_is_scaled_where_nodes_run_faster_than_the_clock()
    {
        await using var server = new RawServer("", hangsUp: false);
        var sending = FailureAsync(new HttpCall("GET", server.Address, Patience), real => real / 30);
        await server.Asked;

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ExchangeFailure.TimedOut, await sending);
    }

    [Fact]
    public async Task A_port_at_which_nobody_listens_is_no_connection() =>
        Assert.Equal(ExchangeFailure.NotConnected, await FailureAsync(new HttpCall("POST", RawServer.Nobody(), Patience)));

    [Fact]
    public async Task A_connection_that_is_not_there_in_time_is_no_connection()
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(1),
            ConnectCallback = async (_, ct) => await new TaskCompletionSource<Stream>().Task.WaitAsync(ct),
        });
        var exchange = new HttpExchange(client, time: _time);

        var broken = await Assert.ThrowsAsync<ExchangeException>(
            () => exchange.SendAsync(new HttpCall("POST", new Uri("http://127.0.0.1/"), Patience), default));

        Assert.Equal(ExchangeFailure.NotConnected, broken.Failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")]
    public async Task A_server_that_hangs_up_in_the_middle_may_have_done_what_was_asked(string says)
    {
        await using var server = new RawServer(says);

        Assert.Equal(ExchangeFailure.NoAnswer, await FailureAsync(new HttpCall("POST", server.Address, Patience)));
    }

    [Fact]
    public async Task A_caller_that_gives_up_gets_its_own_cancellation_back()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new RawServer("", hangsUp: false);
        var sending = new HttpExchange(_http, time: _time).SendAsync(new HttpCall("GET", server.Address, Patience), stop.Token);
        await server.Asked;

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private Task<HttpAnswer> SendAsync(HttpCall call) => new HttpExchange(_http, time: _time).SendAsync(call, default);

    private async Task<ExchangeFailure> FailureAsync(HttpCall call, Func<TimeSpan, TimeSpan>? patience = null) =>
        (await Assert.ThrowsAsync<ExchangeException>(() => new HttpExchange(_http, patience, _time).SendAsync(call, default))).Failure;

    private sealed class Broken : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new System.Net.Sockets.SocketException(125);
    }
}
