using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Gateway;

/// <summary>The bot's sessions and the rules of Identify and Resume. Guarded by the world's gate.</summary>
internal sealed class GatewaySessions(DiscordWorld world)
{
    private const int MaxSessions = 16;

    private const int MaxConnections = 64;

    /// <summary>session_start_limit: 1,000 Identify per day; going past it resets the token, which shows as 4004.</summary>
    public const int StartsPerDay = 1_000;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly List<GatewaySession> _sessions = [];

    private readonly HashSet<GatewayConnection> _connections = [];

    private readonly Queue<long> _starts = [];

    private long? _lastIdentify;

    /// <summary>Op 9 that the next Identify or Resume gets, when a fault came while nobody was connected.</summary>
    private bool? _invalidNext;

    public bool AnyConnected => _sessions.Exists(session => session.Connection is not null);

    public int StartsLeft
    {
        get
        {
            while (_starts.TryPeek(out var first) && world.Time.GetElapsedTime(first) >= Day)
            {
                _starts.Dequeue();
            }

            return StartsPerDay - _starts.Count;
        }
    }

    public TimeSpan StartsReset => _starts.TryPeek(out var first) ? Day - world.Time.GetElapsedTime(first) : TimeSpan.Zero;

    /// <summary>Sends an event to the sessions that asked for it.</summary>
    /// <param name="intent">Sessions without this intent are left out; 0 = everybody.</param>
    public void Dispatch(string type, int intent, JsonObject data)
    {
        _sessions.RemoveAll(session => session.Expired);
        foreach (var session in _sessions.Where(session => intent == 0 || (session.Intents & intent) != 0).ToList())
        {
            session.Dispatch(type, data);
        }
    }

    public bool Connected(GatewayConnection connection) => _connections.Count < MaxConnections && _connections.Add(connection);

    /// <summary>
    /// The connection ended. A client that closed with 1000 or 1001 ends its session as well (docs: Gateway, Disconnecting).
    /// </summary>
    public void Disconnected(GatewayConnection connection, bool endsSession)
    {
        _connections.Remove(connection);
        if (connection.Session is not { } session || session.Connection != connection)
        {
            return;
        }

        session.Detach();
        if (endsSession)
        {
            _sessions.Remove(session);
        }
    }

    /// <summary>Op 2. Null = refused with op 9 false: too soon after the last one, or a fault.</summary>
    public GatewaySession? Identify(GatewayConnection connection, int intents)
    {
        if (TakeInvalid() is not null || (_lastIdentify is { } last && world.Time.GetElapsedTime(last) < world.Options.IdentifyWindow))
        {
            return null;
        }

        _lastIdentify = world.Time.GetTimestamp();
        _starts.Enqueue(_lastIdentify.Value);
        var session = new GatewaySession(world, intents);
        _sessions.Add(session);
        while (_sessions.Count > MaxSessions)
        {
            _sessions[0].Connection?.Close(CloseCode.SessionTimedOut);
            _sessions.RemoveAt(0);
        }

        session.Attach(connection);
        return session;
    }

    /// <summary>Op 6. The session, or why not: an invalid sequence closes with 4007, all else is op 9.</summary>
    public (GatewaySession? Session, int? Close, bool Resumable) Resume(GatewayConnection connection, string? id, long sequence)
    {
        _sessions.RemoveAll(session => session.Expired);
        if (TakeInvalid() is { } resumable)
        {
            return (null, null, resumable);
        }

        var found = _sessions.Find(session => session.Id == id);
        if (found is null || !found.CanReplayFrom(sequence))
        {
            return (null, null, false);
        }

        if (sequence > found.Sequence || sequence < 0)
        {
            return (null, CloseCode.InvalidSequence, false);
        }

        found.Connection?.Close(CloseCode.UnknownError);
        found.Attach(connection);
        return (found, null, false);
    }

    public void Forget(GatewaySession session) => _sessions.Remove(session);

    /// <summary>Fault: acts on every live connection.</summary>
    public void ForEach(Action<GatewayConnection> act)
    {
        foreach (var connection in _connections.ToList())
        {
            act(connection);
        }
    }

    /// <summary>Fault: op 9 on every live connection, or on the next that comes.</summary>
    public void Invalidate(bool resumable)
    {
        if (!AnyConnected)
        {
            _invalidNext = resumable;
        }

        if (!resumable)
        {
            _sessions.ForEach(session => session.Connection?.InvalidSession(resumable: false));
            _sessions.Clear();
            return;
        }

        ForEach(connection => connection.InvalidSession(resumable: true));
    }

    private bool? TakeInvalid()
    {
        var invalid = _invalidNext;
        _invalidNext = null;
        return invalid;
    }
}
