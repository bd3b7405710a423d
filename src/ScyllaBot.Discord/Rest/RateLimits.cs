using ScyllaBot.Core.Ports;

namespace ScyllaBot.Discord.Rest;

/// <summary>
/// Buckets keyed by (hash, major id), learned from answers; until a route's hash is known its own name stands in.
/// Source: developer docs, "Rate Limits".
/// </summary>
internal sealed class RateLimits(TimeProvider time)
{
    /// <summary>Discord allows 50 a second per bot; the rest is reserve.</summary>
    private const int CallsPerSecond = 40;

    private const int KeptBuckets = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Hash, string Major), Bucket> _buckets = [];
    private readonly Queue<long> _lastSecond = new();
    private long _globalUntil = time.GetTimestamp();

    public Bucket Of(DiscordCall call)
    {
        lock (_gate)
        {
            var key = (_hashes.GetValueOrDefault(call.RouteKey, call.RouteKey), call.Major);
            if (!_buckets.TryGetValue(key, out var bucket))
            {
                Prune();
                _buckets[key] = bucket = new Bucket(time);
            }

            bucket.Used = time.GetTimestamp();
            return bucket;
        }
    }

    /// <summary>Learns from any answer. An answer's numbers go to the bucket it names, which may not be the one we waited in.</summary>
    public void Learn(DiscordCall call, HttpAnswer answer)
    {
        if (answer.Header("X-RateLimit-Bucket") is { Length: > 0 and <= 200 } hash)
        {
            lock (_gate)
            {
                _hashes[call.RouteKey] = hash;
            }
        }

        if (answer.Number("X-RateLimit-Remaining") is { } remaining && answer.Number("X-RateLimit-Reset-After") is { } after)
        {
            Of(call).Set((int)remaining, TimeSpan.FromSeconds(Math.Clamp(after, 0, 3600)));
        }
    }

    public void Limited(DiscordCall call, RateLimitAnswer limit)
    {
        if (limit.WholeClient)
        {
            lock (_gate)
            {
                _globalUntil = Math.Max(_globalUntil, Bucket.After(time, limit.Wait + Bucket.Margin));
            }
        }
        else
        {
            Of(call).Set(0, limit.Wait);
        }
    }

    /// <summary>How long nobody may send anything but first answers.</summary>
    public TimeSpan GlobalWait()
    {
        lock (_gate)
        {
            var wait = Bucket.Until(time, _globalUntil);
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            while (_lastSecond.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= TimeSpan.FromSeconds(1))
            {
                _lastSecond.Dequeue();
            }

            return _lastSecond.Count < CallsPerSecond ? TimeSpan.Zero : TimeSpan.FromSeconds(1) - time.GetElapsedTime(_lastSecond.Peek());
        }
    }

    public void Sent()
    {
        lock (_gate)
        {
            _lastSecond.Enqueue(time.GetTimestamp());
        }
    }

    /// <summary>Interaction tokens make a bucket each; they are dead after 15 minutes.</summary>
    private void Prune()
    {
        if (_buckets.Count < KeptBuckets)
        {
            return;
        }

        foreach (var (key, bucket) in _buckets.ToArray())
        {
            if (time.GetElapsedTime(bucket.Used) > TimeSpan.FromMinutes(20))
            {
                _buckets.Remove(key);
            }
        }
    }
}

/// <summary>One allowance. Calls of a bucket go one after the other, so that its numbers are never guessed.</summary>
internal sealed class Bucket(TimeProvider time)
{
    /// <summary>The server's reset is not ours to the millisecond (measured on discord.js: 50 ms).</summary>
    internal static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private int _remaining = 1;
    private long _resetAt = time.GetTimestamp();

    public Turnstile Turnstile { get; } = new();

    public long Used { get; set; }

    public TimeSpan Wait()
    {
        lock (_gate)
        {
            return _remaining > 0 ? TimeSpan.Zero : Until(time, _resetAt);
        }
    }

    public void Set(int remaining, TimeSpan resetAfter)
    {
        lock (_gate)
        {
            _remaining = remaining;
            _resetAt = After(time, resetAfter + Margin);
        }
    }

    internal static long After(TimeProvider time, TimeSpan wait) =>
        time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    internal static TimeSpan Until(TimeProvider time, long timestamp)
    {
        var now = time.GetTimestamp();
        return timestamp <= now ? TimeSpan.Zero : time.GetElapsedTime(now, timestamp);
    }
}
