namespace ScyllaBot.Core.Jobs;

/// <summary>
/// "Something changed", for any number of loops on any schedulers. A loop takes the next moment, looks at the state, then waits for the
/// moment; so no set is lost. It awaits one source and no Task.WhenAny, whose completion would hop over the thread pool and leave the
/// loop's scheduler. Being woken says only that it is worth a look. Thread-safe.
/// </summary>
public sealed class Signal(TimeProvider time)
{
    private TaskCompletionSource _next = New();

    /// <summary>What the next <see cref="Set"/> ends.</summary>
    public Moment Next => new(this, Volatile.Read(ref _next).Task);

    /// <summary>Never runs a loop on the caller's stack.</summary>
    public void Set() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One moment to wait for.</summary>
    public readonly struct Moment
    {
        private readonly Signal _signal;
        private readonly Task _set;

        internal Moment(Signal signal, Task set) => (_signal, _set) = (signal, set);

        /// <summary>It has passed: something changed since it was taken.</summary>
        public bool HasPassed => _set.IsCompleted;

        /// <summary>Until the signal is set.</summary>
        public Task WaitAsync(CancellationToken ct) => WaitAsync(Timeout.InfiniteTimeSpan, ct);

        /// <summary>Until the signal is set or <paramref name="longest"/> is over.</summary>
        public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
        {
            ct.ThrowIfCancellationRequested();
            if (longest <= TimeSpan.Zero && longest != Timeout.InfiniteTimeSpan)
            {
                return;
            }

            // Time and cancellation set the signal itself: other loops look once more for nothing, and nobody needs a second source.
            var signal = _signal;
            await using var timer = longest == Timeout.InfiniteTimeSpan
                ? null : signal.TimeOf(longest);
            await using var cancelled = ct.Register(signal.Set);
            await _set;
            ct.ThrowIfCancellationRequested();
        }
    }

    private ITimer TimeOf(TimeSpan longest) => time.CreateTimer(_ => Set(), null, longest, Timeout.InfiniteTimeSpan);
}
