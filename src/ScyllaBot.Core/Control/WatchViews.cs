using System.Globalization;
using System.Text.Json;

namespace ScyllaBot.Core.Control;

/// <summary>One event of a job's journal.</summary>
/// <param name="Kind">As the journal names it, such as <c>step_started</c>.</param>
/// <param name="Event">Every member of it, snake_case.</param>
public sealed record JournalLine(long Sequence, DateTimeOffset At, string Kind, JsonElement Event);

public sealed record JournalList(string Job, ImmutableArray<JournalLine> Events);

/// <summary>One line of a job's log.</summary>
/// <param name="Number">From 1 within the job; a gap says that older lines were dropped.</param>
/// <param name="Path">Of its step.</param>
/// <param name="Text">Without time and node.</param>
/// <param name="Line">In the article's form.</param>
public sealed record JobLogLine(long Number, DateTimeOffset At, string Path, string? Node, string Text, string Line);

public sealed record JobLog(string Job, ImmutableArray<JobLogLine> Lines);

/// <summary>The events that a watch sends (<c>event:</c>), and what each holds (<c>data:</c>).</summary>
public static class WatchEvents
{
    /// <summary>A <see cref="JobView"/>: at the beginning, and when something of it has changed, at most once a second.</summary>
    public const string Job = "job";

    /// <summary>A <see cref="JournalLine"/>.</summary>
    public const string Journal = "journal";

    /// <summary>A <see cref="JobLogLine"/>.</summary>
    public const string Log = "log";

    /// <summary>A <see cref="WatchEnd"/>: the last one.</summary>
    public const string End = "end";
}

/// <param name="Why">One of <see cref="JobEnded"/>, <see cref="BotStops"/>.</param>
public sealed record WatchEnd(string Why)
{
    /// <summary>The job has ended: there is nothing more to come.</summary>
    public const string JobEnded = "job_ended";

    /// <summary>The bot stops; the job does not. Ask again with Last-Event-ID when it is back.</summary>
    public const string BotStops = "bot_stops";
}

/// <summary>How far a watch has come: the <c>id:</c> of each event. Sent back as Last-Event-ID it goes on from there, also after a restart of the bot.</summary>
/// <param name="Sequence">Of the last journal event that was sent; 0 = none.</param>
/// <param name="Line">Number of the last log line that was sent; 0 = none.</param>
public sealed record WatchCursor(long Sequence, long Line)
{
    public static readonly WatchCursor Beginning = new(0, 0);

    public static WatchCursor? TryParse(string? text) => text?.Split('-') is [var sequence, var line]
        && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var s) && long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var l)
            ? new WatchCursor(s, l) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sequence}-{Line}");
}
