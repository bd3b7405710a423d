using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ScyllaBot.Core.Control;

namespace Scyllactl.Bot;

/// <summary>What a watch brings.</summary>
internal abstract record Seen
{
    private Seen() { }

    /// <summary>The job as it stands.</summary>
    public sealed record Standing(JobView Job) : Seen;

    public sealed record Logged(JobLogLine Line) : Seen;

    public sealed record Journalled(JournalLine Line) : Seen;

    /// <summary>The job has ended; nothing more comes.</summary>
    public sealed record Over : Seen;

    /// <summary>The bot does not answer. The job goes on when it is back.</summary>
    public sealed record Away(DateTimeOffset Since) : Seen;

    /// <summary>It answers again.</summary>
    public sealed record Back : Seen;
}

/// <summary>A job's events, over as many connections and restarts of the bot as it takes: each is asked to go on where the last one broke.</summary>
/// <param name="bot">Whose.</param>
/// <param name="time">For the waits between attempts.</param>
internal sealed class WatchStream(BotClient bot, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    /// <param name="job">Its id.</param>
    /// <param name="tail">From now on, with the last so many log lines; null: from the beginning.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="StopException">There is no bot to begin with, no such job, or no right to see it.</exception>
    public async IAsyncEnumerable<Seen> FollowAsync(string job, int? tail, [EnumeratorCancellation] CancellationToken ct)
    {
        DateTimeOffset? awaySince = null;
        var cursor = tail is null ? WatchCursor.Beginning.ToString() : null;
        var wait = FirstWait;
        for (var isFirst = true; ; isFirst = false)
        {
            if (await OpenAsync(job, cursor, tail ?? 0, isFirst, ct) is { } stream)
            {
                using (stream)
                {
                    if (awaySince is not null)
                    {
                        (awaySince, wait) = (null, FirstWait);
                        yield return new Seen.Back();
                    }

                    await foreach (var item in ReadAsync(stream, ct))
                    {
                        cursor = item.EventId is { Length: > 0 } id ? id : cursor;
                        if (Read(item) is not { } seen)
                        {
                            break;
                        }

                        yield return seen;
                        if (seen is Seen.Over)
                        {
                            yield break;
                        }
                    }
                }
            }

            if (awaySince is null)
            {
                awaySince = time.GetUtcNow();
                yield return new Seen.Away(awaySince.Value);
            }

            await Task.Delay(wait, time, ct);
            wait = wait * 2 > LongestWait ? LongestWait : wait * 2;
        }
    }

    private async Task<HttpResponseMessage?> OpenAsync(string job, string? cursor, int tail, bool isFirst, CancellationToken ct)
    {
        try
        {
            return await bot.OpenAsync(ControlRoutes.Watch, job, cursor, tail, ct);
        }
        catch (HttpRequestException away)
        {
            return isFirst ? throw bot.NoBot(away) : null;
        }
    }

    /// <summary>Until the connection ends, however it does.</summary>
    private static async IAsyncEnumerable<SseItem<string>> ReadAsync(HttpResponseMessage answer, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        await using var items = SseParser.Create(body).EnumerateAsync(ct).GetAsyncEnumerator(ct);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                yield break;
            }

            yield return items.Current;
        }
    }

    /// <returns>Null: this connection brings nothing more, another one will.</returns>
    private static Seen? Read(SseItem<string> item)
    {
        try
        {
            return item.EventType switch
            {
                WatchEvents.Job => new Seen.Standing(Parse<JobView>(item.Data)),
                WatchEvents.Log => new Seen.Logged(Parse<JobLogLine>(item.Data)),
                WatchEvents.Journal => new Seen.Journalled(Parse<JournalLine>(item.Data)),
                WatchEvents.End => Parse<WatchEnd>(item.Data).Why == WatchEnd.JobEnded ? new Seen.Over() : null,
                _ => throw new StopException(ExitCodes.Broken, $"The bot sent an event \"{item.EventType}\": are bot and scyllactl of one version?"),
            };
        }
        catch (JsonException strange)
        {
            throw new StopException(ExitCodes.Broken, $"An event of the bot can not be read ({strange.Message}): are bot and scyllactl of one version?", strange);
        }
    }

    private static T Parse<T>(string data) => JsonSerializer.Deserialize<T>(data, ControlJson.Answers) ?? throw new JsonException("it is null");
}
