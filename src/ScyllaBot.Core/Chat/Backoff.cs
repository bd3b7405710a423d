using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Chat;

/// <summary>How long to leave a chat alone after failures in a row: doubling, with jitter so that many do not come back together.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>What will never be accepted is still tried: configuration may be mended meanwhile.</summary>
    private static readonly TimeSpan Hopeless = TimeSpan.FromMinutes(5);

    /// <param name="failures">In a row, from 1.</param>
    /// <param name="random">Gives the jitter.</param>
    /// <returns>1 s, 2 s … 60 s; between three quarters and all of it.</returns>
    public static TimeSpan After(int failures, IRandom random) => Jitter(First * Math.Pow(2, Math.Min(failures - 1, 6)), Longest, random);

    /// <returns>Between 3 min 45 s and 5 min.</returns>
    public static TimeSpan Slow(IRandom random) => Jitter(Hopeless, Hopeless, random);

    private static TimeSpan Jitter(TimeSpan wait, TimeSpan longest, IRandom random) =>
        (wait < longest ? wait : longest) * (0.75 + (random.NextDouble() / 4));
}
