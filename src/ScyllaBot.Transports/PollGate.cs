namespace ScyllaBot.Transports;

/// <summary>Lets reads pass within the budget, each node in its turn: one that is asked much makes no other wait long.</summary>
internal sealed class PollGate(PollBudget budget, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(string Node, Queue<TaskCompletionSource> Waiting)> _turns = new();
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private int _inFlight;
    private double _tokens = budget.PerSecond;
    private long _counted = time.GetTimestamp();

    /// <summary>Waits for a place; dispose what comes back to give it up.</summary>
    public async Task<IDisposable> EnterAsync(string node, CancellationToken ct)
    {
        var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(node, out var queue))
            {
                _waiting[node] = queue = new Queue<TaskCompletionSource>();
                _turns.AddLast((node, queue));
            }

            queue.Enqueue(place);
            Admit();
        }

        await using var cancelled = ct.UnsafeRegister(_ => place.TrySetCanceled(ct), null);
        await place.Task;
        return new Place(this);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
        }
    }

    // Under the lock.
    private void Admit()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(budget.PerSecond, _tokens + (time.GetElapsedTime(_counted, now).TotalSeconds * budget.PerSecond));
        _counted = now;
        while (_turns.First is { } turn && _inFlight < budget.InFlight && _tokens >= 1)
        {
            _turns.RemoveFirst();
            if (turn.Value.Waiting.Dequeue().TrySetResult())
            {
                _inFlight++;
                _tokens--;
            }

            if (turn.Value.Waiting.Count > 0)
            {
                _turns.AddLast(turn);
            }
            else
            {
                _waiting.Remove(turn.Value.Node);
            }
        }

        if (_turns.Count > 0 && _inFlight < budget.InFlight)
        {
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => Again(), null, TimeSpan.FromSeconds((1 - _tokens) / budget.PerSecond) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Again()
    {
        lock (_lock)
        {
            Admit();
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _inFlight--;
            Admit();
        }
    }

    private sealed class Place(PollGate gate) : IDisposable
    {
        private PollGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
