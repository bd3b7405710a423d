namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// Virtual time that runs <see cref="Factor"/> times as fast as real time from an anchor. Every process of a sandbox (nodes, engine)
/// is given the same anchor and so reads the same virtual time, restarts included.
/// <see cref="GetUtcNow"/> follows the anchor and may step when <see cref="Follow"/> is told of a change late;
/// <see cref="GetTimestamp"/> never runs backwards, and timers count on it.
/// </summary>
/// <remarks>Thread safe.</remarks>
public sealed class ScaledTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _real;
    private readonly HashSet<ScaledTimer> _pending = [];
    private Line _line;

    /// <summary>Starts the clock; nothing is read from <paramref name="real"/> but its time and its timers.</summary>
    /// <param name="realAnchor">A real instant (UTC).</param>
    /// <param name="virtualAnchor">What the virtual clock shows at <paramref name="realAnchor"/>.</param>
    /// <param name="factor">Virtual seconds per real second, above zero.</param>
    /// <param name="real">The clock underneath: <see cref="TimeProvider.System"/>, or a manual one.</param>
    public ScaledTime(DateTimeOffset realAnchor, DateTimeOffset virtualAnchor, double factor, TimeProvider real)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentNullException.ThrowIfNull(real);
        _real = real;
        _line = Line.From(real, new ClockAnchor(realAnchor, virtualAnchor, factor), ticksSoFar: 0);
    }

    /// <summary>Virtual seconds per real second.</summary>
    public double Factor => Anchor.Factor;

    /// <summary>The anchor another process needs to read the same virtual time.</summary>
    public ClockAnchor Anchor
    {
        get
        {
            lock (_gate)
            {
                return _line.Anchor;
            }
        }
    }

    /// <summary>100 ns, as <see cref="TimeSpan"/> has it.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Changes the speed from now on; virtual time does not step, and pending timers keep their virtual due time.</summary>
    public void SetFactor(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        Follow(new ClockAnchor(_real.GetUtcNow(), GetUtcNow(), factor));
    }

    /// <summary>Takes over an anchor that another process chose, as `GET /sandbox/clock` tells it.</summary>
    public void Follow(ClockAnchor anchor)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(anchor.Factor, nameof(anchor));
        ScaledTimer[] pending;
        lock (_gate)
        {
            _line = Line.From(_real, anchor, Ticks());
            pending = [.. _pending];
        }

        foreach (var timer in pending)
        {
            timer.Rearm();
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _line.VirtualAtStart.AddTicks(Ticks() - _line.TicksAtStart);
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return Ticks();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ScaledTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    internal ITimer CreateRealTimer(TimerCallback callback) =>
        _real.CreateTimer(callback, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    internal void Track(ScaledTimer timer, bool pending)
    {
        lock (_gate)
        {
            if (pending)
            {
                _pending.Add(timer);
            }
            else
            {
                _pending.Remove(timer);
            }
        }
    }

    private long Ticks() => _line.TicksAtStart + (long)(_real.GetElapsedTime(_line.RealStart).Ticks * _line.Anchor.Factor);

    /// <summary>One stretch of constant speed, counted on the monotonic clock: a step of the wall clock does not move the nodes.</summary>
    private sealed record Line(ClockAnchor Anchor, long RealStart, DateTimeOffset VirtualAtStart, long TicksAtStart)
    {
        public static Line From(TimeProvider real, ClockAnchor anchor, long ticksSoFar)
        {
            var sinceAnchor = real.GetUtcNow() - anchor.Real;
            return new Line(anchor, real.GetTimestamp(), anchor.Virtual + (sinceAnchor * anchor.Factor), ticksSoFar);
        }
    }
}

/// <summary>The virtual clock shows <paramref name="Virtual"/> at <paramref name="Real"/>, and runs on at the factor.</summary>
public sealed record ClockAnchor(DateTimeOffset Real, DateTimeOffset Virtual, double Factor);
