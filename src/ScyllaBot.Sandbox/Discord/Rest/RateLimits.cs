namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>Fixed windows that open with their first request. Guarded by the world's gate.</summary>
internal sealed class RateLimits(TimeProvider time)
{
    private const int MaxWindows = 10_000;

    private readonly Dictionary<(string Bucket, string Major), Window> _windows = [];

    /// <summary>Counts a request; the standing says whether it fits.</summary>
    public Standing Take(string bucket, string major, int requests, TimeSpan length)
    {
        if (_windows.Count >= MaxWindows)
        {
            foreach (var old in _windows.Where(entry => Left(entry.Value) <= TimeSpan.Zero).Select(entry => entry.Key).ToList())
            {
                _windows.Remove(old);
            }
        }

        if (!_windows.TryGetValue((bucket, major), out var window) || Left(window) <= TimeSpan.Zero)
        {
            _windows[(bucket, major)] = window = new Window(time.GetTimestamp(), length);
        }

        var fits = window.Used < requests;
        window.Used += fits ? 1 : 0;
        return new Standing(fits, requests, requests - window.Used, Left(window), bucket);
    }

    private TimeSpan Left(Window window) => window.Length - time.GetElapsedTime(window.OpenedAt);

    private sealed record Window(long OpenedAt, TimeSpan Length)
    {
        public int Used { get; set; }
    }
}

/// <summary>Where a bucket stands after a request.</summary>
internal sealed record Standing(bool Fits, int Limit, int Remaining, TimeSpan ResetAfter, string Bucket);
