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
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _taken;

    public async Task<IDisposable> EnterAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (_taken)
        {
            // Cancels its own source: Task.WaitAsync would resume over the thread pool and leave the scheduler.
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            await using var cancelled = ct.Register(() => turn.TrySetCanceled(ct));
            await turn.Task;
        }

        _taken = true;
        return new Turn(this);
    }

    private void Leave()
    {
        while (_waiting.TryDequeue(out var next))
        {
            if (next.TrySetResult())
            {
                return; // Stays taken: handed over.
            }
        }

        _taken = false;
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
