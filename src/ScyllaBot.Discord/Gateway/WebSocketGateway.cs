using System.Buffers;
using System.Net.WebSockets;
using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Gateway;

/// <summary>The gateway over ClientWebSocket. Its own pings are the second sign of life beside heartbeats.</summary>
public sealed class WebSocketGateway : IGatewaySocket
{
    private const int LongestMessage = 16 * 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly Turnstile _sending = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <param name="userAgent">Some servers refuse a connection without one.</param>
    public WebSocketGateway(string userAgent)
    {
        _socket.Options.SetRequestHeader("User-Agent", userAgent);
        _socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
        _socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
    }

    public async Task ConnectAsync(Uri address, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await _socket.ConnectAsync(address, patience.Token);
        }
        catch (WebSocketException e)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, e.InnerException?.Message ?? e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ExchangeException(ExchangeFailure.NotConnected, "no connection within 20 s", e);
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> utf8, CancellationToken ct)
    {
        await _sending.EnterAsync(ct);
        try
        {
            await _socket.SendAsync(utf8, WebSocketMessageType.Text, endOfMessage: true, ct);
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException)
        {
            throw new ExchangeException(ExchangeFailure.NoAnswer, "the connection broke while sending", e);
        }
        finally
        {
            _sending.Leave();
        }
    }

    public async Task<GatewayFrame> ReceiveAsync(CancellationToken ct)
    {
        var message = new ArrayBufferWriter<byte>();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(_buffer.AsMemory(), ct);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return new GatewayFrame.Closed((int?)_socket.CloseStatus, _socket.CloseStatusDescription ?? "");
                }

                message.Write(_buffer.AsSpan(0, part.Count));
                if (message.WrittenCount > LongestMessage)
                {
                    return new GatewayFrame.Closed(null, "a message without end");
                }

                if (part.EndOfMessage)
                {
                    return new GatewayFrame.Text(message.WrittenMemory);
                }
            }
        }
        catch (WebSocketException e)
        {
            return new GatewayFrame.Closed((int?)_socket.CloseStatus, e.WebSocketErrorCode.ToString());
        }
    }

    public async Task CloseAsync(int code, string reason, CancellationToken ct)
    {
        // A close reason may have 123 bytes.
        var text = reason.Length > 100 ? reason[..100] : reason;
        await _sending.EnterAsync(ct);
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket.CloseOutputAsync((WebSocketCloseStatus)code, text, ct);
            }
        }
        catch (Exception e) when (e is WebSocketException or InvalidOperationException)
        {
            throw new ExchangeException(ExchangeFailure.NoAnswer, "the connection broke while closing", e);
        }
        finally
        {
            _sending.Leave();
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
