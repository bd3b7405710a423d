using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Control;

/// <summary>Programs that behave badly at the socket, and many at once.</summary>
public sealed class RobustnessTests : IAsyncLifetime
{
    private static readonly string Retry = ControlRoutes.Retry.Url([NotedControl.KnownJob.Value]);
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(120));
    private readonly List<Socket> _sockets = [];
    private ControlRig _rig = null!;

    public async Task InitializeAsync() => _rig = await ControlRig.StartAsync();

    public async Task DisposeAsync()
    {
        _sockets.ForEach(s => s.Dispose());
        await _rig.DisposeAsync();
        _patience.Dispose();
    }

    [Theory]
    [InlineData(200_000, 413)]
    [InlineData(60_000, 400)]
    public async Task A_body_of_unknown_length_is_bounded_as_well(int bytes, int status)
    {
        var request = ControlRig.Post(Retry);
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(new string('[', bytes)))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        Assert.Equal(status, (await _rig.SendAsync(request)).Status);
        Assert.Empty(_rig.Control.Asked);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0x1f, 0x8b, 8, 0 })]
    public async Task Bytes_that_are_no_JSON_are_refused(byte[] body)
    {
        var request = ControlRig.Post(Retry);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        Assert.Equal(400, (await _rig.SendAsync(request)).Status);
        Assert.Empty(_rig.Control.Asked);
    }

    [Fact]
    public async Task Whoever_hangs_up_in_the_middle_of_a_request_has_asked_nothing()
    {
        foreach (var half in new[] { "POS", $"POST {Retry} HTTP/1.1\r\nHost: b", Head(Retry, 100) + "{\"ext" })
        {
            using var socket = await SentAsync(half);
            socket.Shutdown(SocketShutdown.Both);
        }

        Assert.Equal(200, (await _rig.GetAsync(ControlRoutes.Bot.Url())).Status);
        Assert.Empty(_rig.Control.Asked);
        Assert.Empty(_rig.Control.Audit);
    }

    [Fact]
    public async Task Whoever_hangs_in_the_middle_of_a_request_is_let_go_and_holds_nobody_up_meanwhile()
    {
        var halves = new List<Socket>();
        for (var i = 0; i < 40; i++)
        {
            halves.Add(await SentAsync(i % 2 == 0 ? $"POST {Retry} HTTP/1.1\r\nHost: b" : Head(Retry, 100) + "{\"ext"));
        }

        Assert.Equal(200, (await _rig.PostAsync(ControlRoutes.Pause.Url([NotedControl.KnownJob.Value]))).Status);
        foreach (var (half, i) in halves.Select((h, i) => (h, i)))
        {
            // Of a request that began the endpoint says why; of one that did not, the server below it.
            Assert.Contains(i % 2 == 0 ? "HTTP/1.1 408" : "data arriving too slowly", await ReadAsync(half), StringComparison.Ordinal);
        }

        Assert.Single(_rig.Control.Asked);
    }

    [Fact]
    public async Task What_is_no_HTTP_is_told_so_and_let_go()
    {
        Assert.StartsWith("HTTP/1.1 400", await ReadAsync(await SentAsync("hello there\r\n\r\n")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", await ReadAsync(await SentAsync($"GET /v1/bot HTTP/1.1\r\nHost: b\r\nX: {new string('x', 20_000)}\r\n\r\n")), StringComparison.Ordinal);
        Assert.Equal(200, (await _rig.GetAsync(ControlRoutes.Bot.Url())).Status);
    }

    [Fact]
    public async Task A_stop_waits_for_nobody_who_hangs_or_does_not_read()
    {
        for (var i = 0; i < 20_000; i++)
        {
            _rig.Service<JobLogBook>().Write(new LogLine(Journals.Start, NotedControl.KnownJob.Value, "1.1", "alpha-a-1", $"line {i} {new string('x', 100)}"));
        }

        await SentAsync(Head(Retry, 100) + "{\"ext");
        await SentAsync($"GET {ControlRoutes.Watch.Url([NotedControl.KnownJob.Value])} HTTP/1.1\r\nHost: b\r\n\r\n");
        while (_rig.Service<WatchFeed>().Watchers == 0)
        {
            await Task.Yield();
            _patience.Token.ThrowIfCancellationRequested();
        }

        await _rig.Endpoint.StopAsync(default).WaitAsync(_patience.Token);
        Assert.False(File.Exists(_rig.Listen.Socket));
    }

    [Fact]
    public async Task A_second_bot_on_its_socket_does_not_start_and_the_first_goes_on()
    {
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => ControlRig.StartAsync(("Socket", _rig.Listen.Socket!)));
        Assert.Contains("another bot?", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(_rig.Listen.Socket));
        Assert.Equal(200, (await ControlRig.SendAsync(ControlRig.Client(_ => ControlRig.Connect(_rig.Listen.Socket!)), new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Bot.Url()))).Status);
    }

    private static string Head(string url, int length) =>
        $"POST {url} HTTP/1.1\r\nHost: b\r\n{ControlRoutes.RequestId}: {Guid.NewGuid()}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n";

    private async Task<Socket> SentAsync(string text)
    {
        var socket = ControlRig.Connect(_rig.Listen.Socket!);
        _sockets.Add(socket);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    /// <summary>All it says until it hangs up.</summary>
    private async Task<string> ReadAsync(Socket socket)
    {
        using var all = new MemoryStream();
        await using var stream = new NetworkStream(socket);
        try
        {
            await stream.CopyToAsync(all, _patience.Token);
        }
        catch (IOException)
        {
            // It hung up without waiting for the rest of the request.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
