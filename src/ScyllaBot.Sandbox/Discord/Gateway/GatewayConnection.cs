using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>
/// One WebSocket of the gateway: frames in and out, the rate of the client, and its heartbeat. What frames mean is in <see
/// cref="GatewayProtocol"/>.
/// </summary>
internal sealed class GatewayConnection
{
    /// <summary>Longest frame of a client; a longer one closes with 4002 (docs: Gateway, Sending Events).</summary>
    private const int MaxFrame = 4_096;

    private const int Backlog = 8_192;

    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(5);

    private readonly DiscordWorld _world;

    private readonly WebSocket _socket;

    private readonly Action _abort;

    private readonly GatewayProtocol _protocol;

    private readonly Channel<Outgoing> _outgoing = Channel.CreateBounded<Outgoing>(Backlog);

    private readonly FrameRate _rate;

    private readonly ITimer _heartbeat;

    private readonly ITimer _linger;

    private volatile bool _closing;

    /// <summary>Takes over an accepted socket; nothing is sent before <see cref="RunAsync"/>.</summary>
    /// <param name="abort">Cuts the TCP connection without a close frame.</param>
    public GatewayConnection(DiscordWorld world, WebSocket socket, GatewayQuery query, Action abort)
    {
        (_world, _socket, _abort, _rate) = (world, socket, abort, new FrameRate(world.Time));
        _protocol = new GatewayProtocol(world, this, query);
        _linger = world.Time.CreateTimer(_ => abort(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _heartbeat = world.Time.CreateTimer(_ => MissedHeartbeat(), null, Grace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Set by Identify or Resume.</summary>
    public GatewaySession? Session { get; set; }

    /// <summary>Fault: the socket stays open, and nothing comes out of it any more.</summary>
    public bool Muted { get; set; }

    private TimeSpan Grace => _world.Options.HeartbeatInterval * 1.5;

    public async Task RunAsync(CancellationToken ct)
    {
        bool taken;
        lock (_world.Gate)
        {
            taken = _world.Sessions.Connected(this);
            _protocol.Greet();
        }

        if (!taken)
        {
            Close(CloseCode.RateLimited);
        }

        var writing = WriteAsync(ct);
        await ReadAsync(ct);
        Gone(endsSession: false);

        await _heartbeat.DisposeAsync();
        await _linger.DisposeAsync();
        _outgoing.Writer.TryComplete();
        await writing;
    }

    public void Send(int op, JsonNode? data) =>
        Send(
            Encoding.UTF8.GetBytes(
                new JsonObject
                {
                    ["t"] = null,
                    ["s"] = null,
                    ["op"] = op,
                    ["d"] = data,
                }.Print()
            )
        );

    public void Send(byte[] frame)
    {
        if (!_closing && !Muted && !_outgoing.Writer.TryWrite(new Outgoing(frame, 0)))
        {
            _abort();
        }
    }

    public void Close(int code)
    {
        _closing = true;
        _outgoing.Writer.TryWrite(new Outgoing(null, code));
        _outgoing.Writer.TryComplete();
    }

    public void Drop() => _abort();

    public void InvalidSession(bool resumable)
    {
        Send(GatewayProtocol.InvalidSession, resumable);
        if (!resumable)
        {
            Session = null;
            return;
        }

        // The client may resume on this very socket, so the session lets go of it without losing its history.
        Session?.Detach();
        Session = null;
    }

    public void HeartbeatSeen() => _heartbeat.Change(Grace, Timeout.InfiniteTimeSpan);

    private void MissedHeartbeat()
    {
        lock (_world.Gate)
        {
            if (Session is { } session)
            {
                _world.Sessions.Forget(session);
            }

            Close(CloseCode.SessionTimedOut);
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var next in _outgoing.Reader.ReadAllAsync(ct))
            {
                if (next.Frame is null)
                {
                    _world.Traffic.Gateway("out", Session?.Id ?? "-", $"close {next.Code}");
                    _linger.Change(CloseGrace, Timeout.InfiniteTimeSpan);
                    await _socket.CloseOutputAsync((WebSocketCloseStatus)next.Code, CloseCode.Reason(next.Code), ct);
                    return;
                }

                _world.Traffic.Gateway("out", Session?.Id ?? "-", Encoding.UTF8.GetString(next.Frame));
                await _socket.SendAsync(next.Frame, WebSocketMessageType.Text, endOfMessage: true, ct);
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            _abort();
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        var buffer = new byte[MaxFrame + 1];
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(length), ct);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await AnswerCloseAsync(ct);
                    return;
                }

                length += part.Count;
                if (length > MaxFrame)
                {
                    Close(CloseCode.DecodeError);
                    length = 0;
                }
                else if (part.EndOfMessage)
                {
                    Read(buffer.AsSpan(0, length), part.MessageType);
                    length = 0;
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // A drop: the session stays for a resume.
        }
    }

    private void Gone(bool endsSession)
    {
        lock (_world.Gate)
        {
            _world.Sessions.Disconnected(this, endsSession);
        }
    }

    /// <summary>The session's fate is settled before the client hears our answer, so that its next connection finds it so.</summary>
    private async Task AnswerCloseAsync(CancellationToken ct)
    {
        var code = (int)(_socket.CloseStatus ?? WebSocketCloseStatus.Empty);
        _world.Traffic.Gateway("in", Session?.Id ?? "-", $"close {code}");
        var clientFirst = _socket.State == WebSocketState.CloseReceived;
        Gone(endsSession: clientFirst && code is (1000 or 1001));
        if (clientFirst && code is >= 1000 and < 5000 and not 1005 and not 1006)
        {
            await _socket.CloseOutputAsync((WebSocketCloseStatus)code, null, ct);
        }
    }

    private void Read(ReadOnlySpan<byte> frame, WebSocketMessageType type)
    {
        if (_closing)
        {
            return;
        }

        _world.Traffic.Gateway("in", Session?.Id ?? "-", Encoding.UTF8.GetString(frame));
        if (!_rate.Take())
        {
            Close(CloseCode.RateLimited);
            return;
        }

        var payload = JsonReading.TryParse(frame, out _) as JsonObject;
        lock (_world.Gate)
        {
            if (payload is null || type != WebSocketMessageType.Text)
            {
                Close(CloseCode.DecodeError);
            }
            else
            {
                _protocol.Take(payload);
            }
        }
    }
}
