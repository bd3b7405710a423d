namespace ScyllaBot.Observe;

/// <summary>Whoever asks, and however often: one look at a time, and none while the last one is fresh.</summary>
internal sealed class OneLook<T>(TimeProvider time, TimeSpan fresh)
{
    private readonly Lock _gate = new();
    private (long At, Task<T> Look)? _last;

    public Task<T> ReadAsync(Func<Task<T>> look)
    {
        lock (_gate)
        {
            if (_last is not { } last || (last.Look.IsCompleted && time.GetElapsedTime(last.At) > fresh))
            {
                _last = last = (time.GetTimestamp(), look());
            }

            return last.Look;
        }
    }
}
