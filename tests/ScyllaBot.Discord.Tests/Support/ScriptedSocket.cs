namespace ScyllaBot.Discord.Tests.Support;

/// <summary>A gateway connection whose other side is the test.</summary>
internal sealed class ScriptedSocket : IGatewaySocket
{
    private readonly Queue<GatewayFrame> _frames = new();
    private TaskCompletionSource<GatewayFrame>? _reader;

    public Uri? Address { get; private set; }

    public List<JsonObject> Sent { get; } = [];

    public int? ClosedWith { get; private set; }

    public bool IsDisposed { get; private set; }

    public bool RefusesConnection { get; init; }

    public bool SendHangs { get; set; }

    public IEnumerable<int> SentOps => Sent.Select(s => s["op"]!.GetValue<int>());

    public Task ConnectAsync(Uri address, CancellationToken ct)
    {
        Address = address;
        return RefusesConnection ? Task.FromException(new ExchangeException(ExchangeFailure.NotConnected, "refused")) : Task.CompletedTask;
    }

    public Task SendAsync(ReadOnlyMemory<byte> utf8, CancellationToken ct)
    {
        Assert.InRange(utf8.Length, 1, 4096);
        Sent.Add(JsonNode.Parse(utf8.Span)!.AsObject());
        return SendHangs ? new TaskCompletionSource().Task.WaitAsync(ct) : Task.CompletedTask;
    }

    public Task<GatewayFrame> ReceiveAsync(CancellationToken ct)
    {
        if (_frames.TryDequeue(out var frame))
        {
            return Task.FromResult(frame);
        }

        _reader = new TaskCompletionSource<GatewayFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = _reader;
        ct.Register(() => waiting.TrySetCanceled(ct));
        return waiting.Task;
    }

    public Task CloseAsync(int code, string reason, CancellationToken ct)
    {
        ClosedWith = code;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    public void Say(string json) => Feed(new GatewayFrame.Text(System.Text.Encoding.UTF8.GetBytes(json)));

    public void Hello(int interval = 40_000) => Say($$"""{"op":10,"d":{"heartbeat_interval":{{interval}}},"s":null,"t":null}""");

    public void Ack() => Say("""{"op":11,"d":null}""");

    public void Dispatch(long sequence, string type, string data = "{}") =>
        Say($$"""{"op":0,"s":{{sequence}},"t":"{{type}}","d":{{data}},"field_from_the_future":1}""");

    public void Ready(string session = "sess-1") =>
        Dispatch(
            1, "READY", $$"""{"session_id":"{{session}}","resume_gateway_url":"wss://resume.example/here","user":{"id":"1"},"v":10}""");

    public void Close(int? code) => Feed(new GatewayFrame.Closed(code, "the test"));

    private void Feed(GatewayFrame frame)
    {
        if (_reader is { Task.IsCompleted: false } reader)
        {
            _reader = null;
            reader.SetResult(frame);
        }
        else
        {
            _frames.Enqueue(frame);
        }
    }
}
