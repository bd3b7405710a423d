using System.Globalization;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Discord.Rest;

/// <summary>What a 429 says, in any of its forms.</summary>
/// <param name="Wait">How long.</param>
/// <param name="WholeClient">A global limit, or Cloudflare's, which knows no buckets.</param>
/// <param name="Shared">Others used it up; it does not count against us.</param>
/// <param name="Code">Discord's JSON code; 30046 = edits of old messages.</param>
internal sealed record RateLimitAnswer(TimeSpan Wait, bool WholeClient, bool Shared, int Code)
{
    /// <summary>A 429 that does not say how long comes from the edge and is meant for everything we send.</summary>
    private static readonly TimeSpan EdgeWait = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    public static RateLimitAnswer Read(HttpAnswer answer)
    {
        var header = Seconds(answer.Header("Retry-After"));
        var shared = string.Equals(answer.Header("X-RateLimit-Scope"), "shared", StringComparison.OrdinalIgnoreCase);
        var global = answer.Header("X-RateLimit-Global") is not null
            || string.Equals(answer.Header("X-RateLimit-Scope"), "global", StringComparison.OrdinalIgnoreCase);
        if (answer.Json() is not { ValueKind: JsonValueKind.Object } body)
        {
            return new RateLimitAnswer(header > EdgeWait ? header.Value : EdgeWait, WholeClient: true, shared, 0);
        }

        global |= body.TryGetProperty("global", out var flag) && flag.ValueKind == JsonValueKind.True;
        var said = body.TryGetProperty("retry_after", out var after) && after.ValueKind == JsonValueKind.Number
            ? Bounded(after.GetDouble())
            : header;
        return new RateLimitAnswer(said ?? EdgeWait, global || said is null, shared, body.Int("code"));
    }

    private static TimeSpan? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? Bounded(seconds) : null;

    private static TimeSpan? Bounded(double seconds) =>
        double.IsFinite(seconds) && seconds >= 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds)) : null;
}
