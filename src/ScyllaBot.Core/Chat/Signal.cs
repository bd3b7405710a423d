namespace ScyllaBot.Core.Chat;

/// <summary>
/// Wakes one loop. A set is never lost: the loop arms it before it looks at what there is to do. The loop awaits one source and
/// no Task.WhenAny, whose completion would hop over the thread pool and leave the loop's scheduler.
/// </summary>
internal sealed class Signal(TimeProvider time)
{
    private TaskCompletionSource _source = New();

    /// <summary>Thread-safe; never runs the loop on the caller's stack.</summary>
    public void Set() => Volatile.Read(ref _source).TrySetResult();

    /// <summary>From here on a set is remembered. A full fence: what the loop reads next is not older than this.</summary>
    public void Arm() => Interlocked.Exchange(ref _source, New());

    /// <summary>Until it is set or <paramref name="longest"/> is over.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (longest <= TimeSpan.Zero)
        {
            return;
        }

        var source = Volatile.Read(ref _source);
        await using var timer = time.CreateTimer(_ => source.TrySetResult(), null, longest, Timeout.InfiniteTimeSpan);
        await using var cancelled = ct.Register(() => source.TrySetResult());
        await source.Task;
        ct.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
