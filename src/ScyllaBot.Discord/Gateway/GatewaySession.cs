using ScyllaBot.Core.Ports;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Gateway;

/// <summary>
/// Keeps one session alive over many connections: identify, resume, back off, give up. Source: developer docs, "Gateway", and
/// what libraries were seen to get wrong (facts C1, C2).
/// </summary>
internal sealed partial class GatewaySession(
    DiscordOptions options, Func<IGatewaySocket> open, Func<CancellationToken, Task<GatewayAddress>> address, DiscordNotes notes,
    DiscordHealth health, TimeProvider time, IRandom random, ILogger<GatewaySession> log)
{
    private const int FailedResumes = 3;

    /// <summary>At zero Discord resets the token; below this we wait for the quota's renewal instead.</summary>
    private const int ReservedIdentifies = 50;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(60);

    /// <summary>A server that greets and hangs up again and again must not find us at its door at once each time.</summary>
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan IdentifyEvery = TimeSpan.FromSeconds(5);

    private readonly SessionKeeper _keeper = new(notes, time, log);
    private GatewayConnection? _connection;
    private long? _identified;
    private string? _toldEnd;
    private int _failures;
    private int _failedResumes;

    /// <summary>Runs until stopped.</summary>
    /// <param name="hand">Called on the reader for every event; must return at once.</param>
    /// <param name="stop">Closes with 4200, so that the next start can resume.</param>
    /// <exception cref="GatewayFatalException">Reconnecting would only make it worse.</exception>
    public async Task RunAsync(Action<GatewayDispatch> hand, CancellationToken stop)
    {
        await _keeper.LoadAsync(stop);
        while (true)
        {
            GatewayEnd end;
            try
            {
                end = await ConnectAsync(hand, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                end = GatewayEnd.Ours(GatewayNext.Stop, "stopping");
            }

            health.Lost(end.Why);
            await SettleAsync(end);
            if (end.Next == GatewayNext.Stop)
            {
                return;
            }

            await BackOffAsync(end, stop);
        }
    }

    /// <summary>Leaves the connection for a new session: the cure for one that is alive but deaf.</summary>
    public void StartAnew() => _connection?.End(GatewayEnd.Ours(GatewayNext.StartAnew, "a fresh session was asked for"));

    private async Task<GatewayEnd> ConnectAsync(Action<GatewayDispatch> hand, CancellationToken stop)
    {
        var resuming = _keeper.Session;
        Uri url;
        try
        {
            url = resuming is not null ? new Uri(resuming.Url) : await IdentifyAddressAsync(stop);
        }
        catch (DiscordException e) when (e.Failure != DiscordFailure.Unauthorized)
        {
            return new GatewayEnd(GatewayNext.Resume, e.Message, null, TimeSpan.Zero);
        }
        catch (DiscordException e)
        {
            throw new GatewayFatalException(e.Message);
        }

        await using var socket = open();
        using var connection = new GatewayConnection(socket, options.Token, _keeper, hand, Ready, time, random);
        _connection = connection;
        var isAgain = _failures > 0;
        if (!isAgain)
        {
            LogConnecting(resuming is not null);
        }

        var end = await connection.RunAsync(new UriBuilder(url) { Query = "v=10&encoding=json" }.Uri, stop);
        _connection = null;
        _failures = connection.Stood >= SteadyAfter ? 0 : _failures;
        if (connection.WasReady || !isAgain || !string.Equals(_toldEnd, end.Why, StringComparison.Ordinal))
        {
            _toldEnd = end.Why;
            LogEnded(end.Next, end.Why);
        }

        _failedResumes = resuming is not null && !connection.WasReady && end.Next != GatewayNext.Stop ? _failedResumes + 1 : 0;
        return end;
    }

    /// <summary>Asks where to connect, and waits rather than use up the day's identifies.</summary>
    private async Task<Uri> IdentifyAddressAsync(CancellationToken stop)
    {
        while (true)
        {
            var found = await address(stop);
            if (found.Remaining >= ReservedIdentifies || found.ResetAfter <= TimeSpan.Zero)
            {
                if (_identified is { } last && IdentifyEvery - time.GetElapsedTime(last) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, time, stop);
                }

                _identified = time.GetTimestamp();
                return found.Url;
            }

            LogQuota(found.Remaining, found.ResetAfter);
            health.Lost($"only {found.Remaining} session starts are left today; waiting {found.ResetAfter}");
            await Task.Delay(found.ResetAfter, time, stop);
        }
    }

    private void Ready()
    {
        _failedResumes = 0;
        health.Connected();
        LogReady();
    }

    private async Task SettleAsync(GatewayEnd end)
    {
        if (end.Next == GatewayNext.GiveUp)
        {
            throw new GatewayFatalException($"The gateway {end.Why}: it needs a person");
        }

        if (end.Next == GatewayNext.StartAnew || _failedResumes >= FailedResumes)
        {
            _failedResumes = 0;
            _keeper.Drop();
        }

        await _keeper.SaveAsync(CancellationToken.None);
    }

    /// <summary>The first reconnect is at once, so that a planned one costs nobody an answer; then 1 → 60 s with jitter.</summary>
    private async Task BackOffAsync(GatewayEnd end, CancellationToken stop)
    {
        var grown = Math.Min(LongestBackoff.TotalSeconds, Math.Pow(2, Math.Min(_failures, 7) - 1));
        var wait = _failures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(grown * (0.5 + (0.5 * random.NextDouble())));
        _failures++;
        wait = wait > end.Wait ? wait : end.Wait;
        try
        {
            await Task.Delay(wait, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Connecting to the gateway (resuming: {Resuming})")]
    private partial void LogConnecting(bool resuming);

    [LoggerMessage(Level = LogLevel.Information, Message = "The gateway session stands")]
    private partial void LogReady();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Gateway connection ended ({Next}): {Why}")]
    private partial void LogEnded(GatewayNext next, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Only {Remaining} session starts are left; waiting {Wait} for more")]
    private partial void LogQuota(int remaining, TimeSpan wait);
}
