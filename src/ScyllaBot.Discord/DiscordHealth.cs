namespace ScyllaBot.Discord;

/// <summary>Whether people can be reached, for the host's health page and for the rule about lost chat (R9). Thread-safe.</summary>
public sealed class DiscordHealth(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? _lostSince = time.GetUtcNow();
    private string _why = "not connected yet";
    private bool _fatal;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null while the gateway session stands.</summary>
    public DateTimeOffset? LostSince
    {
        get
        {
            lock (_gate)
            {
                return _lostSince;
            }
        }
    }

    /// <summary>A sentence; empty while all is well.</summary>
    public string Why
    {
        get
        {
            lock (_gate)
            {
                return _why;
            }
        }
    }

    /// <summary>It will not come back without a person: bad token, disallowed intents.</summary>
    public bool IsFatal
    {
        get
        {
            lock (_gate)
            {
                return _fatal;
            }
        }
    }

    /// <summary>Hears of what happens on the way to Discord.</summary>
    public IDiscordWatch Watch { get; set; } = IDiscordWatch.Nobody;

    public bool IsTokenDead { get; private set; }

    /// <summary>Completes at once while connected, otherwise with the next session.</summary>
    public Task WhenConnectedAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return _connected.Task.WaitAsync(ct);
        }
    }

    /// <summary>Completes when nothing but a person can bring it back.</summary>
    public Task WhenFatalAsync(CancellationToken ct) => _dead.Task.WaitAsync(ct);

    internal void Connected()
    {
        lock (_gate)
        {
            if (!_fatal)
            {
                (_lostSince, _why) = (null, "");
                _connected.TrySetResult();
            }
        }
    }

    internal void Lost(string why)
    {
        lock (_gate)
        {
            if (!_fatal)
            {
                _lostSince ??= time.GetUtcNow();
                _why = why;
                Renew();
            }
        }
    }

    internal void Fatal(string why)
    {
        lock (_gate)
        {
            _lostSince ??= time.GetUtcNow();
            (_why, _fatal) = (why, true);
            Renew();
            _dead.TrySetResult();
        }
    }

    internal void TokenDied(string why)
    {
        IsTokenDead = true;
        Fatal(why);
    }

    private void Renew()
    {
        if (_connected.Task.IsCompleted)
        {
            _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
