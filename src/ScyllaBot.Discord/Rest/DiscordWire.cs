using System.Text;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Discord.Rest;

/// <summary>Every REST call goes through here: limits, retries, the meaning of refusals, and the stop after a 401.</summary>
internal sealed partial class DiscordWire(
    IDiscordRest rest, DiscordOptions options, DiscordHealth health, TimeProvider time, IRandom random, ILogger<DiscordWire> log)
{
    private const int Retries = 3;

    private const int LimitedTimes = 8;

    /// <summary>Together, over all waits of one call: a caller with an outbox is better off trying again later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private readonly RateLimits _limits = new(time);

    /// <returns>The answer's JSON; null for 204.</returns>
    /// <exception cref="DiscordException">Classified.</exception>
    public async Task<JsonElement?> SendAsync(DiscordCall call, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        for (int failures = 0, limited = 0; ;)
        {
            if (health.IsTokenDead)
            {
                throw new DiscordException(DiscordFailure.Unauthorized, 401, 0, "Discord refuses the bot's token; nothing is sent");
            }

            var (answer, broken) = await TryAsync(call, started, ct);
            if (answer is { Status: >= 200 and < 300 })
            {
                return answer.Json();
            }

            if (answer is { Status: 429 })
            {
                Limit(call, answer, started, ++limited);
                continue;
            }

            if (!MayRepeat(call, answer, broken) || ++failures > Retries)
            {
                throw Refusal(call, answer, broken);
            }

            LogRetry(call, answer?.Status ?? 0, broken?.Failure.ToString() ?? "", failures);
            await Task.Delay(TimeSpan.FromSeconds((1 << failures) * 0.25 * (1 + random.NextDouble())), time, ct);
        }
    }

    private async Task<(HttpAnswer? Answer, ExchangeException? Broken)> TryAsync(DiscordCall call, long started, CancellationToken ct)
    {
        if (call.IsCallback)
        {
            return await ExchangeAsync(call, ct);
        }

        var bucket = _limits.Of(call);
        await bucket.Turnstile.EnterAsync(ct);
        try
        {
            while (Longer(bucket.Wait(), _limits.GlobalWait()) is var wait && wait > TimeSpan.Zero)
            {
                ThrowIfImpatient(call, wait, started);
                health.Watch.Waited(wait);
                await Task.Delay(wait, time, ct);
            }

            _limits.Sent();
            var result = await ExchangeAsync(call, ct);
            if (result.Answer is not null)
            {
                _limits.Learn(call, result.Answer);
            }

            return result;
        }
        finally
        {
            bucket.Turnstile.Leave();
        }
    }

    private async Task<(HttpAnswer? Answer, ExchangeException? Broken)> ExchangeAsync(DiscordCall call, CancellationToken ct)
    {
        try
        {
            return (await rest.SendAsync(Http(call), ct), null);
        }
        catch (ExchangeException e)
        {
            return (null, e);
        }
    }

    private HttpCall Http(DiscordCall call)
    {
        var headers = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        headers.Add(new("User-Agent", options.UserAgent));
        if (!call.IsAnonymous)
        {
            headers.Add(new("Authorization", $"Bot {options.Token}"));
        }

        return new HttpCall(call.Method, new Uri($"{options.ApiBase.ToString().TrimEnd('/')}/v10{call.Path}"), call.Timeout)
        {
            Headers = headers.ToImmutable(),
            Body = call.Body is null ? default : Encoding.UTF8.GetBytes(call.Body.ToJsonString()),
            ContentType = call.Body is null ? null : "application/json",
        };
    }

    private void Limit(DiscordCall call, HttpAnswer answer, long started, int times)
    {
        var limit = RateLimitAnswer.Read(answer);
        LogLimited(call, limit.Wait, limit.WholeClient, limit.Shared, limit.Code);
        health.Watch.Limited(limit.WholeClient, limit.Shared);
        if (limit.Code == 30046)
        {
            // The headers do not show this one and others of the bucket may go on: whoever writes the card slows down.
            throw new DiscordException(DiscordFailure.SlowDown, 429, limit.Code, "Too many edits of an old message")
            {
                RetryAfter = limit.Wait,
            };
        }

        _limits.Limited(call, limit);
        ThrowIfImpatient(call, limit.Wait, started);
        if (call.IsCallback || times > LimitedTimes)
        {
            throw new DiscordException(DiscordFailure.RateLimited, 429, limit.Code, $"{call}: rate limited") { RetryAfter = limit.Wait };
        }
    }

    private void ThrowIfImpatient(DiscordCall call, TimeSpan wait, long started)
    {
        if (time.GetElapsedTime(started) + wait > Patience)
        {
            throw new DiscordException(DiscordFailure.RateLimited, 429, 0, $"{call}: would have to wait {wait.TotalSeconds:0.#} s")
            {
                RetryAfter = wait,
            };
        }
    }

    /// <summary>A request that never left had no effect, so anything may be repeated then.</summary>
    private static bool MayRepeat(DiscordCall call, HttpAnswer? answer, ExchangeException? broken) =>
        !call.IsCallback
        && (broken?.Failure == ExchangeFailure.NotConnected
            || (call.IsRepeatable
                && (answer is { Status: >= 500 } || broken?.Failure is ExchangeFailure.NoAnswer or ExchangeFailure.TimedOut)));

    private DiscordException Refusal(DiscordCall call, HttpAnswer? answer, ExchangeException? broken)
    {
        if (answer is null)
        {
            return new DiscordException(DiscordFailure.Unavailable, 0, 0, $"{call}: {broken!.Message}", broken);
        }

        var body = answer.Json() ?? default;
        var code = body.Int("code");
        var failure = DiscordException.Meaning(answer.Status, code);
        if (failure == DiscordFailure.Unauthorized && !call.IsAnonymous)
        {
            // 10 000 refused calls in 10 minutes get the whole address banned.
            health.TokenDied("Discord refuses the bot's token (401)");
            LogTokenDead();
        }

        var said = body.Text("message");
        var errors = body.Part("errors")?.GetRawText() ?? "";
        return new DiscordException(failure, answer.Status, code,
            Core.Chat.Markup.Cut($"{call}: {answer.Status} {code} {said} {errors}".TrimEnd(), 600));
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Call}: {Status} {Failure}, repeat {Number}")]
    private partial void LogRetry(DiscordCall call, int status, string failure, int number);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Call}: rate limited for {Wait} (whole client: {WholeClient}, shared: {Shared}, code {Code})")]
    private partial void LogLimited(DiscordCall call, TimeSpan wait, bool wholeClient, bool shared, int code);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Discord refuses the token: all calls stop; jobs go on without chat")]
    private partial void LogTokenDead();
}
