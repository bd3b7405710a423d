namespace ScyllaBot.Sandbox.Clusters;

/// <summary>A timer whose due time is virtual: the real one below is only a wake-up call, and is set again when it came early.</summary>
internal sealed class ScaledTimer : ITimer
{
    /// <summary>Longer waits are slept in pieces: real timers end at 49 days, and a slow factor stretches virtual ones.</summary>
    private static readonly TimeSpan _longestSleep = TimeSpan.FromHours(12);

    private readonly Lock _gate = new();
    private readonly ScaledTime _time;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ITimer _wake;
    private long? _due;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private bool _disposed;

    public ScaledTimer(ScaledTime time, TimerCallback callback, object? state)
    {
        _time = time;
        _callback = callback;
        _state = state;
        _wake = time.CreateRealTimer(_ => Wake());
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return false;
            }

            _due = dueTime == Timeout.InfiniteTimeSpan ? null : _time.GetTimestamp() + dueTime.Ticks;
            _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            Sleep();
            return true;
        }
    }

    /// <summary>The speed changed: the same virtual due time is a different real one now.</summary>
    public void Rearm()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                Sleep();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _due = null;
            _time.Track(this, pending: false);
        }

        _wake.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_disposed || _due is not { } due)
            {
                return;
            }

            if (_time.GetTimestamp() < due)
            {
                Sleep();
                return;
            }

            _due = _period == Timeout.InfiniteTimeSpan ? null : due + _period.Ticks;
            Sleep();
        }

        _callback(_state);
    }

    private void Sleep()
    {
        _time.Track(this, _due is not null);
        if (_due is not { } due)
        {
            _wake.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var left = Math.Max(0, due - _time.GetTimestamp()) / _time.Factor;
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(left, _longestSleep.Ticks) / TimeSpan.TicksPerMillisecond));
        _wake.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
