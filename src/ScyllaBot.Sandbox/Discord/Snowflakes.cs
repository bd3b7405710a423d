namespace ScyllaBot.Sandbox.Discord;

/// <summary>
/// Ids in Discord's form: milliseconds since 2015 in the upper 42 bits, strictly rising. Not thread-safe; the world's gate guards it.
/// </summary>
internal sealed class Snowflakes(TimeProvider time)
{
    private const long Epoch = 1_420_070_400_000;

    private ulong _last;

    public static DateTimeOffset TimeOf(ulong id) => DateTimeOffset.FromUnixTimeMilliseconds((long)(id >> 22) + Epoch);

    /// <summary>Discord prints times with microseconds and an offset rather than a Z.</summary>
    public static string Print(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff") + "+00:00";

    public ulong Next()
    {
        var now = (ulong)Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - Epoch) << 22;
        _last = Math.Max(now, _last + 1);
        return _last;
    }
}
