namespace ScyllaBot.Core.Ports;

/// <summary>What a gateway connection gives next.</summary>
public abstract record GatewayFrame
{
    private GatewayFrame() { }

    /// <summary>One whole text message.</summary>
    public sealed record Text(ReadOnlyMemory<byte> Utf8) : GatewayFrame;

    /// <summary>The connection is gone. Null code = without a close frame.</summary>
    public sealed record Closed(int? Code, string Reason) : GatewayFrame;
}

/// <summary>Port 7: one websocket connection at a time, opened anew for each session.</summary>
public interface IGatewaySocket : IAsyncDisposable
{
    /// <exception cref="ExchangeException">No connection.</exception>
    Task ConnectAsync(Uri address, CancellationToken ct);

    /// <summary>Sends one text message; callers are serialised by the implementation.</summary>
    Task SendAsync(ReadOnlyMemory<byte> utf8, CancellationToken ct);

    /// <summary>The next whole message or the close; one reader.</summary>
    Task<GatewayFrame> ReceiveAsync(CancellationToken ct);

    /// <summary>Closes with a code of ours (4000–4999 keeps the session resumable).</summary>
    Task CloseAsync(int code, string reason, CancellationToken ct);
}
