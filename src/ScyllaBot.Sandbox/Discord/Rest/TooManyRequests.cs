using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace ScyllaBot.Sandbox.Discord.Rest;

/// <summary>429 (docs: Rate Limits): seconds with decimals in the body, whole seconds in Retry-After.</summary>
/// <param name="wait">How long until the next try can succeed.</param>
/// <param name="scope">user, global or shared.</param>
/// <param name="standing">The bucket, or null where no bucket is told.</param>
/// <param name="message">Words for that code.</param>
/// <param name="code">JSON code where there is one: 30046 for edits of old messages, 20028 for channel writes.</param>
internal sealed class TooManyRequests(TimeSpan wait, string scope, Standing? standing, int? code = null, string? message = null)
    : Exception(message ?? "You are being rate limited.")
{
    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["message"] = Message,
            ["retry_after"] = Math.Round(Math.Max(0.001, wait.TotalSeconds), 3),
            ["global"] = scope == "global",
        };
        if (code is not null)
        {
            json["code"] = code;
        }

        return json;
    }

    public void Describe(HttpResponse response, DateTimeOffset now)
    {
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Scope"] = scope;
        if (scope == "global")
        {
            response.Headers["X-RateLimit-Global"] = "true";
        }

        if (standing is not null)
        {
            Describe(response, standing, now);
        }
    }

    /// <summary>The five headers that every answer of a limited route carries.</summary>
    public static void Describe(HttpResponse response, Standing standing, DateTimeOffset now)
    {
        response.Headers["X-RateLimit-Limit"] = standing.Limit.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Remaining"] = standing.Remaining.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Reset"] = ((now + standing.ResetAfter).ToUnixTimeMilliseconds() / 1000.0).ToString(
            "F3",
            CultureInfo.InvariantCulture
        );
        response.Headers["X-RateLimit-Reset-After"] = standing.ResetAfter.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture);
        response.Headers["X-RateLimit-Bucket"] = standing.Bucket;
    }
}
