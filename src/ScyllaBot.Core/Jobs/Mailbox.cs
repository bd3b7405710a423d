namespace ScyllaBot.Core.Jobs;

/// <summary>A job's one serial scheduler: everything that touches its state is posted here, so the state needs no locks.</summary>
/// <param name="scheduler">Runs one piece at a time: an exclusive scheduler in production, a seeded one in simulation.</param>
public sealed class Mailbox(TaskScheduler scheduler)
{
    /// <summary>One for production.</summary>
    public static Mailbox Serial() => new(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);

    // The one place where work enters a job's scheduler.
#pragma warning disable RS0030
    public Task<T> PostAsync<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    public Task PostAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
#pragma warning restore RS0030
}

/// <summary>One at a time across awaits, first come first served. For use on one mailbox only: it has no lock.</summary>
public sealed class Gate
{
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private bool _taken;

    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_taken)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var place = _waiting.AddLast(turn);
            try
            {
                await turn.Task.WaitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                if (turn.Task.IsCompletedSuccessfully)
                {
                    Leave();
                }
                else
                {
                    _waiting.Remove(place);
                }

                throw;
            }
        }

        _taken = true;
        return new Turn(this);
    }

    private void Leave()
    {
        if (_waiting.First is { } next)
        {
            // Stays taken: handed over.
            _waiting.RemoveFirst();
            next.Value.SetResult();
        }
        else
        {
            _taken = false;
        }
    }

    private sealed class Turn(Gate gate) : IDisposable
    {
        private Gate? _gate = gate;

        public void Dispose()
        {
            _gate?.Leave();
            _gate = null;
        }
    }
}

/// <summary>Wakes whoever waits for "something changed". Thread-safe.</summary>
public sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next <see cref="Set"/>. Take it before looking at the state it guards.</summary>
    public Task Next => _next.Task;

    public void Set() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
