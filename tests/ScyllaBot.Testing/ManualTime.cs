namespace ScyllaBot.Testing;

/// <summary>
/// A clock that stands still until a test moves it. Timers fire on the thread that calls <see cref="Advance"/>, in order of their due
/// time.
/// </summary>
/// <param name="start">Default 2026-01-28 18:29:00 UTC.</param>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);
    private TimeSpan _elapsed;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>How long until the next timer fires; null when none is set.</summary>
    public TimeSpan? UntilNext
    {
        get
        {
            lock (_gate)
            {
                return Next() is { } timer ? timer.Due!.Value - _elapsed : null;
            }
        }
    }

    public override long GetTimestamp() => Elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock; every timer due on the way fires at its own moment.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = Elapsed + by;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_gate)
        {
            _elapsed = end;
        }
    }

    private ManualTimer? TakeDue(TimeSpan end)
    {
        lock (_gate)
        {
            if (Next() is not { } timer || timer.Due > end)
            {
                return null;
            }

            _elapsed = timer.Due!.Value > _elapsed ? timer.Due.Value : _elapsed;
            timer.Due = timer.Period > TimeSpan.Zero ? _elapsed + timer.Period : null;
            return timer;
        }
    }

    private ManualTimer? Next() => _timers.Where(t => t.Due is not null).MinBy(t => (t.Due, t.Order));

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long Order { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var fireNow = dueTime == TimeSpan.Zero;
            lock (time._gate)
            {
                time._timers.Remove(this);
                Order = ++time._order;
                Period = period;
                Due = dueTime < TimeSpan.Zero ? null : time._elapsed + dueTime;
                if (fireNow)
                {
                    Due = period > TimeSpan.Zero ? time._elapsed + period : null;
                }

                time._timers.Add(this);
            }

            // A real timer with due time 0 fires by itself; waiting for an Advance would hang code that never waits.
            if (fireNow)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static t => t.Fire(), this, preferLocal: false);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                Due = null;
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
