namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>A clock that jumps from timer to timer on the thread that drives it. Unlike <c>ManualTime</c> a timer due now waits its turn too.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(SimulatedTimer Timer, int Version), (long Due, long Order)> _due = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => new(_now);

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires the next timer at its moment.</summary>
    /// <returns>False when none is due by <paramref name="end"/>; the clock then stands there.</returns>
    public bool FireNext(TimeSpan end)
    {
        while (_due.TryPeek(out var next, out var key))
        {
            if (next.Version != next.Timer.Version)
            {
                _due.Dequeue();
                continue;
            }

            if (key.Due > end.Ticks)
            {
                break;
            }

            _due.Dequeue();
            _now = Math.Max(_now, key.Due);
            next.Timer.Fire();
            return true;
        }

        _now = Math.Max(_now, end.Ticks);
        return false;
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Entries of earlier versions are void.</summary>
        public int Version { get; private set; }

        public void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Version++;
            _period = period;
            if (dueTime >= TimeSpan.Zero)
            {
                time._due.Enqueue((this, Version), (time._now + dueTime.Ticks, time._order++));
            }

            return true;
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
