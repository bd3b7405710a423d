using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Control;

/// <summary>
/// A job as it goes, as server-sent events. A watcher pulls from the journal and the log, where everything lasts: so a slow one holds nothing up,
/// none loses anything, and one that comes back goes on where it was, also with another process of the bot.
/// </summary>
internal sealed class WatchStream(IJobControl control, IJobStore store, TimeProvider engineTime, WatchFeed feed, JobLogBook logs, TimeProvider time)
    : IDisposable
{
    private const string LastEventId = "Last-Event-ID";
    private const int MostWatchers = 64;
    private const int MostOfOne = 16;
    private const int MostLines = 5000;

    /// <summary>The job's picture at most so often.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>A word at least so often: proxies and people see that it lives.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _watchers = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Every watcher is told that the bot stops, and let go.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    public async Task ServeAsync(HttpContext context, Actor by)
    {
        var call = new ControlCall(by, context, null);
        if (await control.ShowAsync(call.Job, context.RequestAborted) is not { } live)
        {
            throw new ProblemException(ReadVerbs.NoJob(call.Job));
        }

        var from = Cursor(call) ?? Tail(call, live.Job);

        using var place = Enter(by.Person.Id);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await PumpAsync(context.Response, call.Job, from, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The watcher left.
        }
    }

    private async Task PumpAsync(HttpResponse response, JobId job, WatchCursor at, CancellationToken aborted)
    {
        using var ear = feed.Listen(job);
        var (isNews, pictured, ended) = (true, (long?)null, (long?)null);
        while (true)
        {
            if (isNews && (pictured is null || time.GetElapsedTime(pictured.Value) >= Between))
            {
                var live = (await control.ShowAsync(job, aborted))!;
                await SendAsync(response, at, WatchEvents.Job, JobViews.Of(live, engineTime.GetUtcNow()), aborted);
                (isNews, pictured, ended) = (false, time.GetTimestamp(), live.Job.IsOpen ? null : live.Job.Sequence);
            }

            at = await CatchUpAsync(response, job, at, aborted);
            if (ended is { } last && at.Sequence >= last)
            {
                await SendAsync(response, at, WatchEvents.End, new WatchEnd(WatchEnd.JobEnded), aborted);
                return;
            }

            if (await HearAsync(ear, isNews ? Between - time.GetElapsedTime(pictured!.Value) : Quiet, aborted) is not { } heard)
            {
                await SendAsync(response, at, WatchEvents.End, new WatchEnd(WatchEnd.BotStops), aborted);
                return;
            }

            if (!heard && !isNews)
            {
                await response.WriteAsync(": quiet\n\n", aborted);
                await response.Body.FlushAsync(aborted);
            }

            isNews |= heard;
        }
    }

    /// <returns>Whether there is news; null: the bot stops.</returns>
    private async Task<bool?> HearAsync(WatchFeed.Ear ear, TimeSpan longest, CancellationToken aborted)
    {
        using var link = CancellationTokenSource.CreateLinkedTokenSource(aborted, _stopping.Token);
        try
        {
            return longest > TimeSpan.Zero ? await ear.HearAsync(longest, time, link.Token) : true;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<WatchCursor> CatchUpAsync(HttpResponse response, JobId job, WatchCursor at, CancellationToken ct)
    {
        // Lines first: what a step said stands before what became of it.
        foreach (var line in logs.After(job.Value, at.Line))
        {
            if (line.Number > at.Line + 1)
            {
                var gone = Gone(line, job, at.Line + 1);
                at = at with { Line = gone.Number };
                await SendAsync(response, at, WatchEvents.Log, gone, ct);
            }

            at = at with { Line = line.Number };
            await SendAsync(response, at, WatchEvents.Log, line, ct);
        }

        foreach (var entry in await store.ReadAsync(StreamId.Of(job), at.Sequence, ct))
        {
            at = at with { Sequence = entry.Sequence };
            await SendAsync(response, at, WatchEvents.Journal, JournalLines.Of(entry), ct);
        }

        return at;
    }

    /// <summary>Stands for the lines from that number up to this one, which were the log's oldest when it grew too long.</summary>
    private static JobLogLine Gone(JobLogLine next, JobId job, long from)
    {
        var (last, count) = (next.Number - 1, next.Number - from);
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{count} line{(count == 1 ? " of this log is" : "s of this log are")} left out here ({from} to {last}): they are no longer kept");
        return new JobLogLine(last, next.At, "", null, text, new LogLine(next.At, job.Value, "", null, text).ToString());
    }

    private static async Task SendAsync(HttpResponse response, WatchCursor at, string name, object what, CancellationToken ct)
    {
        await response.WriteAsync($"event: {name}\nid: {at}\ndata: {JsonSerializer.Serialize(what, what.GetType(), ControlJson.Answers)}\n\n", ct);
        await response.Body.FlushAsync(ct);
    }

    private static WatchCursor? Cursor(ControlCall call) => call.Context.Request.Headers[LastEventId] is not [{ Length: > 0 } text] ? null
        : WatchCursor.TryParse(text) ?? throw new ProblemException(Problems.Of(Problems.BadRequest, $"{LastEventId} is the id of an event of this watch, such as 12-40."));

    /// <summary>From the beginning, or from now on with some of what was said before.</summary>
    private WatchCursor Tail(ControlCall call, Job job)
    {
        if (call.Option("tail") is null)
        {
            return WatchCursor.Beginning;
        }

        var lines = logs.Read(job.Id.Value, 0, (int)call.Number("tail", 0, 0, MostLines) + 1);
        return new WatchCursor(job.Sequence, lines.IsEmpty ? 0 : lines.Length > call.Number("tail", 0, 0, MostLines) ? lines[0].Number : lines[0].Number - 1);
    }

    private Leaving Enter(string person)
    {
        lock (_gate)
        {
            var own = _watchers.GetValueOrDefault(person);
            if (own >= MostOfOne || _watchers.Values.Sum() >= MostWatchers)
            {
                throw new ProblemException(Problems.Of(Problems.Busy, $"There are as many watchers as there may be ({MostOfOne} of one person, {MostWatchers} in all); ask for the job now and then instead."));
            }

            _watchers[person] = own + 1;
            return new Leaving(this, person);
        }
    }

    private sealed class Leaving(WatchStream stream, string person) : IDisposable
    {
        public void Dispose()
        {
            lock (stream._gate)
            {
                if (--stream._watchers[person] == 0)
                {
                    stream._watchers.Remove(person);
                }
            }
        }
    }
}
