using System.Collections.Concurrent;

namespace ScyllaBot.Testing;

/// <summary>
/// Runs a test and everything it awaits on one thread, so that "everything that can happen has happened" is a moment a test can
/// wait for. Code under test must not leave the context (no ConfigureAwait(false), no Task.Run).
/// </summary>
public sealed class TestLoop : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _queue = new();
    private readonly Queue<TaskCompletionSource> _settling = new();

    /// <summary>Runs <paramref name="test"/> to its end.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that nothing can bring.</exception>
    public static void Run(Func<TestLoop, Task> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        var loop = new TestLoop();
        var before = Current;
        SetSynchronizationContext(loop);
        try
        {
            var task = test(loop);
            while (!task.IsCompleted)
            {
                loop.Step();
            }

            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Completes when nothing is left to run.</summary>
    public Task SettleAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _settling.Enqueue(done);
        return done.Task;
    }

    public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private void Step()
    {
        if (_queue.TryDequeue(out var work))
        {
            work.Callback(work.State);
        }
        else if (_settling.TryDequeue(out var waiting))
        {
            waiting.SetResult();
        }
        else
        {
            throw new InvalidOperationException("The test waits for something that nothing can bring: advance the time or feed an answer.");
        }
    }
}
