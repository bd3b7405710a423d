namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// What will happen, by virtual due time, and the one lock of the simulation. Everything that reads or changes a cluster runs inside
/// <see cref="Run{T}"/>, which first carries out whatever is due by now, in order, each at its own due time. So the state seen depends on
/// the virtual time of the call alone and never on how late a timer fired.
/// </summary>
internal sealed class Agenda : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Pending, (DateTimeOffset Due, long Order)> _due = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _order;
    private int _depth;
    private bool _disposed;

    public Agenda(TimeProvider time)
    {
        _time = time;
        Now = time.GetUtcNow();
        _timer = time.CreateTimer(_ => Run(() => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Inside a due entry its due time, otherwise the clock's time at the call. Read it inside <see cref="Run{T}"/>.</summary>
    public DateTimeOffset Now { get; private set; }

    public void Run(Action act) => Run(() =>
    {
        act();
        return true;
    });

    public T Run<T>(Func<T> act)
    {
        lock (_gate)
        {
            if (_depth == 0)
            {
                CatchUp();
            }

            _depth++;
            try
            {
                return act();
            }
            finally
            {
                _depth--;
                Arm();
            }
        }
    }

    /// <summary>Plans <paramref name="act"/>; entries of one due time keep their order. Call inside <see cref="Run{T}"/>.</summary>
    public Pending After(TimeSpan delay, Action act)
    {
        var pending = new Pending(Now + delay, act);
        _due.Enqueue(pending, (pending.Due, _order++));
        return pending;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    private void CatchUp()
    {
        var target = _time.GetUtcNow();
        _depth++;
        try
        {
            while (_due.TryPeek(out var next, out var key) && key.Due <= target)
            {
                _due.Dequeue();
                Now = key.Due > Now ? key.Due : Now;
                next.Act();
            }
        }
        finally
        {
            _depth--;
        }

        Now = target > Now ? target : Now;
    }

    private void Arm()
    {
        if (_depth > 0 || _disposed)
        {
            return;
        }

        if (!_due.TryPeek(out _, out var key))
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        var wait = key.Due - _time.GetUtcNow();
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>One entry of the agenda. Cancelled ones stay queued and do nothing when due.</summary>
internal sealed class Pending(DateTimeOffset due, Action act)
{
    private Action? _act = act;

    public DateTimeOffset Due { get; } = due;

    public bool Waiting => _act is not null;

    public void Cancel() => _act = null;

    /// <summary>Runs it, at most once, now.</summary>
    public void Act()
    {
        var planned = _act;
        _act = null;
        planned?.Invoke();
    }
}
