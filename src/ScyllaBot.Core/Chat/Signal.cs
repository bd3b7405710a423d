namespace ScyllaBot.Core.Chat;

/// <summary>Wakes one loop. A set is never lost: the loop arms it before it looks at what there is to do.</summary>
internal sealed class Signal(TimeProvider time)
{
    private TaskCompletionSource _source = New();

    /// <summary>Thread-safe; never runs the loop on the caller's stack.</summary>
    public void Set() => Volatile.Read(ref _source).TrySetResult();

    /// <summary>From here on a set is remembered. A full fence: what the loop reads next is not older than this.</summary>
    public void Arm() => Interlocked.Exchange(ref _source, New());

    /// <summary>Until it is set, one of <paramref name="others"/> is done, or <paramref name="longest"/> is over.</summary>
    public async Task WaitAsync(TimeSpan longest, IEnumerable<Task> others, CancellationToken ct)
    {
        using var rest = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var timer = Task.Delay(longest < TimeSpan.Zero ? TimeSpan.Zero : longest, time, rest.Token);
        await Task.WhenAny([Volatile.Read(ref _source).Task, timer, .. others]);
        rest.Cancel();
        ct.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
