using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Gateway;

/// <summary>
/// One websocket from hello to its end: heartbeats, acks, identify or resume, reading. The reader parses, notes the sequence and
/// hands over; it waits for nobody's work.
/// </summary>
internal sealed class GatewayConnection(
    IGatewaySocket socket, string token, SessionKeeper keeper, Action<GatewayDispatch> hand, Action ready, TimeProvider time,
    IRandom random)
    : IDisposable
{
    private static readonly TimeSpan HelloWithin = TimeSpan.FromSeconds(20);

    private const int NonsenseFrames = 5;

    private readonly TaskCompletionSource<GatewayEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly SavedSession? _resumed = keeper.Session;
    private long _lastFrame = time.GetTimestamp();
    private bool _acked = true;
    private bool _greeted;
    private int _nonsense;
    private long? _readyAt;
    private Task _heart = Task.CompletedTask;

    /// <summary>READY or RESUMED was seen.</summary>
    public bool WasReady => _readyAt is not null;

    /// <summary>How long the session stood on this connection.</summary>
    public TimeSpan Stood => _readyAt is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero;

    /// <summary>Ends it from outside.</summary>
    public void End(GatewayEnd end) => _end.TrySetResult(end);

    /// <summary>Works until the connection is no more. Never throws for what the other side does.</summary>
    public async Task<GatewayEnd> RunAsync(Uri address, CancellationToken stop)
    {
        try
        {
            await socket.ConnectAsync(address, stop);
        }
        catch (ExchangeException e)
        {
            return new GatewayEnd(GatewayNext.Resume, $"no connection: {e.Message}", null, TimeSpan.Zero);
        }

        _lastFrame = time.GetTimestamp();
        await using var stopping = stop.Register(() => End(GatewayEnd.Ours(GatewayNext.Stop, "stopping")));
        Task[] work = [ReadAsync(), ExpectHelloAsync()];
        var end = await _end.Task;
        await CloseAsync(end);
        CutOff();
        await Task.WhenAll(work);
        await _heart;
        return end;
    }

    public void Dispose() => _closing.Dispose();

    private void CutOff() => _closing.Cancel();

    private async Task CloseAsync(GatewayEnd end)
    {
        if (end.CloseCode is not { } code)
        {
            return;
        }

        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await socket.CloseAsync(code, end.Why, patience.Token);
        }
        catch (Exception e) when (e is ExchangeException or OperationCanceledException or IOException)
        {
            // It is being thrown away anyway.
        }
    }

    private async Task ReadAsync()
    {
        await GuardAsync(async () =>
        {
            while (!_end.Task.IsCompleted)
            {
                switch (await socket.ReceiveAsync(_closing.Token))
                {
                    case GatewayFrame.Closed closed:
                        End(GatewayEnd.FromClose(closed.Code, Core.Chat.Markup.Cut(closed.Reason, 200)));
                        return;
                    case GatewayFrame.Text text:
                        _lastFrame = time.GetTimestamp();
                        await TakeAsync(text.Utf8);
                        break;
                }
            }
        });
    }

    private async Task TakeAsync(ReadOnlyMemory<byte> utf8)
    {
        if (GatewayPayload.TryParse(utf8) is not { } payload)
        {
            if (++_nonsense > NonsenseFrames)
            {
                End(GatewayEnd.Ours(GatewayNext.Resume, "frames that can not be read"));
            }

            return;
        }

        _nonsense = 0;
        switch (payload.Op)
        {
            case Op.Hello when !_greeted:
                await GreetAsync(TimeSpan.FromMilliseconds(Math.Clamp(payload.Data.Int("heartbeat_interval"), 100, 600_000)));
                break;
            case Op.Heartbeat:
                await BeatAsync();
                break;
            case Op.HeartbeatAck:
                _acked = true;
                break;
            case Op.Reconnect:
                End(GatewayEnd.Ours(GatewayNext.Resume, "the server asked to reconnect"));
                break;
            case Op.InvalidSession:
                End(Invalid(payload.Data.ValueKind == JsonValueKind.True));
                break;
            case Op.Dispatch:
                Take(payload);
                break;
        }
    }

    /// <summary>The documented habit: 1 to 5 random seconds before a new session.</summary>
    private GatewayEnd Invalid(bool resumable) =>
        GatewayEnd.Ours(resumable ? GatewayNext.Resume : GatewayNext.StartAnew, $"invalid session (resumable: {resumable})") with
        {
            Wait = TimeSpan.FromSeconds(1 + (4 * random.NextDouble())),
        };

    private void Take(GatewayPayload payload)
    {
        if (payload.Type == "READY")
        {
            keeper.Begin(new SavedSession(payload.Data.Text("session_id"), payload.Data.Text("resume_gateway_url"), payload.Sequence ?? 0));
        }

        if (payload.Sequence is { } sequence)
        {
            keeper.Saw(sequence);
        }

        if (payload.Type is "READY" or "RESUMED")
        {
            _readyAt = time.GetTimestamp();
            ready();
        }

        hand(new GatewayDispatch(payload.Type, payload.Data, _lastFrame));
        _ = keeper.SaveSometimesAsync();
    }

    private async Task GreetAsync(TimeSpan interval)
    {
        _greeted = true;
        await socket.SendAsync(
            _resumed is null ? GatewayFrames.Identify(token) : GatewayFrames.Resume(token, _resumed.Id, _resumed.Sequence), _closing.Token);
        _heart = Task.WhenAll(BeatAlongAsync(interval), WatchSilenceAsync(interval));
    }

    private Task ExpectHelloAsync() => GuardAsync(async () =>
    {
        await Task.Delay(HelloWithin, time, _closing.Token);
        if (!_greeted)
        {
            End(GatewayEnd.Ours(GatewayNext.Resume, "no hello"));
        }
    });

    private Task BeatAlongAsync(TimeSpan interval) => GuardAsync(async () =>
    {
        await Task.Delay(interval * random.NextDouble(), time, _closing.Token);
        while (!_end.Task.IsCompleted)
        {
            if (!_acked)
            {
                End(GatewayEnd.Ours(GatewayNext.Resume, "the last heartbeat was not acknowledged"));
                return;
            }

            await BeatAsync();
            await keeper.SaveAsync(_closing.Token);
            await Task.Delay(interval, time, _closing.Token);
        }
    });

    /// <summary>A second watch, independent of sending: a send into a half-open connection may hang.</summary>
    private Task WatchSilenceAsync(TimeSpan interval) => GuardAsync(async () =>
    {
        while (!_end.Task.IsCompleted)
        {
            await Task.Delay(interval, time, _closing.Token);
            if (time.GetElapsedTime(_lastFrame) > interval * 2)
            {
                End(GatewayEnd.Ours(GatewayNext.Resume, "nothing heard for two heartbeat intervals"));
            }
        }
    });

    private async Task BeatAsync()
    {
        _acked = false;
        await socket.SendAsync(GatewayFrames.Heartbeat(keeper.Session?.Sequence), _closing.Token);
    }

    /// <summary>Any fault of this connection ends it; the session outlives it.</summary>
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The connection is being closed.
        }
        catch (Exception e)
        {
            End(GatewayEnd.Ours(GatewayNext.Resume, $"{e.GetType().Name}: {e.Message}"));
        }
    }
}
