using ScyllaBot.Core.Control;
using Scyllactl.Bot;
using Scyllactl.Show;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Scyllactl.Jobs;

/// <summary>Where a watch is shown.</summary>
internal interface IWatchScreen
{
    /// <summary>Stands as long as the watching does.</summary>
    Task<int> OpenAsync(Func<Task<int>> watching);

    void Show(Seen seen);

    /// <summary>A line about the watch itself.</summary>
    void Say(ToneLine line);
}

/// <summary>Events as JSON lines.</summary>
internal sealed class JsonScreen(Surroundings around) : IWatchScreen
{
    public Task<int> OpenAsync(Func<Task<int>> watching) => watching();

    public void Show(Seen seen)
    {
        switch (seen)
        {
            case Seen.Standing standing:
                Write(WatchEvents.Job, standing.Job);
                break;
            case Seen.Logged logged:
                Write(WatchEvents.Log, logged.Line);
                break;
            case Seen.Journalled journalled:
                Write(WatchEvents.Journal, journalled.Line);
                break;
            case Seen.Over:
                Write(WatchEvents.End, new WatchEnd(WatchEnd.JobEnded));
                break;
            default:
                Say(LineScreen.About(seen)!.Value);
                break;
        }
    }

    public void Say(ToneLine line) => around.Errors.WriteLine(line.Text);

    private void Write<T>(string what, T data) => Json.WriteLine(around.Out, new { Event = what, Data = data });
}

/// <summary>Log lines on the output as they come; what a person should hear besides goes to the other one.</summary>
/// <param name="around">Where to.</param>
/// <param name="isOneNode">Each line is of the same node, so none names it: as the article prints a node task.</param>
/// <param name="isQuiet">Says nothing of a job that goes well.</param>
internal sealed class LineScreen(Surroundings around, bool isOneNode, bool isQuiet) : IWatchScreen
{
    private JobView? _before;

    public Task<int> OpenAsync(Func<Task<int>> watching) => watching();

    public void Show(Seen seen)
    {
        switch (seen)
        {
            case Seen.Logged logged:
                around.Out.WriteLine(LineOf(logged.Line, isOneNode));
                break;
            case Seen.Standing { Job: var job }:
                Array.ForEach([.. JobNotices.Between(_before, job).Where(n => !isQuiet || n.Tone != Tone.Plain || job.Halt is not null)], Say);
                _before = job;
                break;
            case Seen.Over when _before is { } job && (!isQuiet || job.Outcome is not ScyllaBot.Core.Jobs.JobOutcome.Succeeded):
                Say(JobNotices.Ended(job));
                break;
            default:
                if (About(seen) is { } line)
                {
                    Say(line);
                }

                break;
        }
    }

    public void Say(ToneLine line) => around.Errors.WriteLine(line.Text);

    /// <summary>In the article's form.</summary>
    public static string LineOf(JobLogLine line, bool isOneNode) => Clean.Line(
        isOneNode && line.Node is { } node && line.Line.IndexOf($"[{node}] ", StringComparison.Ordinal) is var at and >= 0
            ? line.Line.Remove(at, node.Length + 3) : line.Line);

    public static ToneLine? About(Seen seen) => seen switch
    {
        Seen.Away away => new(Tone.Warning, $"the bot is away since {Moments.Of(away.Since)}, still trying; the job's commands on the nodes go on"),
        Seen.Back => new(Tone.Good, "the bot is back"),
        _ => null,
    };
}

/// <summary>A terminal: log lines scroll by above a picture of the job that is drawn anew.</summary>
internal sealed class LiveScreen(IAnsiConsole console) : IWatchScreen
{
    private LiveDisplayContext? _display;
    private JobView? _job;
    private ToneLine? _away;

    public async Task<int> OpenAsync(Func<Task<int>> watching)
    {
        try
        {
            return await console.Live(Picture()).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).StartAsync(async display =>
            {
                _display = display;
                return await watching();
            });
        }
        finally
        {
            _display = null;
            if (_job is { State: ScyllaBot.Core.Jobs.JobState.Ended or ScyllaBot.Core.Jobs.JobState.Halted } last)
            {
                Array.ForEach([.. JobPicture.Of(last)], Say);
            }
        }
    }

    public void Show(Seen seen)
    {
        switch (seen)
        {
            case Seen.Logged logged:
                Say(new(Tone.Plain, LineScreen.LineOf(logged.Line, isOneNode: false)));
                break;
            case Seen.Standing { Job: var job }:
                Array.ForEach([.. JobNotices.Between(_job, job)], Say);
                _job = job;
                break;
            case Seen.Over when _job is { } job:
                Say(JobNotices.Ended(job));
                break;
            case Seen.Away:
                _away = LineScreen.About(seen);
                break;
            case Seen.Back:
                _away = null;
                break;
            default:
                break;
        }

        _display?.UpdateTarget(Picture());
    }

    // One piece with its line's end: the picture is drawn anew after each piece.
    public void Say(ToneLine line) => console.Write(_display is null ? new Rows(line.Styled()) : new AbovePicture(new Rows(line.Styled())));

    /// <summary>What is drawn now: at most two thirds of the terminal, so that the log's last lines stay in sight.</summary>
    internal IRenderable Picture()
    {
        var rows = Math.Max(6, console.Profile.Height * 2 / 3);
        var width = Math.Max(20, console.Profile.Width);
        var options = RenderOptions.Create(console);
        ToneLine[] head = [new(Tone.Quiet, new string('-', Math.Min(60, width - 1))), .. _away is { } away ? [away] : Array.Empty<ToneLine>()];
        var lines = head.ToList();
        foreach (var line in _job is null ? [new ToneLine(Tone.Quiet, "…")] : JobPicture.Of(_job))
        {
            if (lines.Sum(Rows) + Rows(line) >= rows)
            {
                lines.Add(new(Tone.Quiet, "… (scyllactl job show has the rest)"));
                break;
            }

            lines.Add(line);
        }

        return new Rows(lines.Append(new(Tone.Quiet, "Ctrl-C detaches; the job goes on")).Select(l => (IRenderable)l.Styled()));

        // As they will be: wrapped at words, and some letters are two columns wide.
        int Rows(ToneLine line) => Segment.SplitLines(((IRenderable)line.Styled()).Render(options, width)).Count;
    }

    /// <summary>Lines where the picture began. It is taken away first: the last row of a line that wraps would cover its old rows in part only.</summary>
    private sealed class AbovePicture(IRenderable lines) : IRenderable
    {
        private const string EraseBelow = "\u001b[0J";

        public Measurement Measure(RenderOptions options, int maxWidth) => lines.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => lines.Render(options, maxWidth).Prepend(Segment.Control(EraseBelow));
    }
}
