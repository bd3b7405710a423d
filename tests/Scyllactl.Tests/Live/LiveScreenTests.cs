using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;
using Scyllactl.Bot;
using Scyllactl.Jobs;
using Scyllactl.Tests.Support;
using Spectre.Console;

namespace Scyllactl.Tests.Live;

public sealed class LiveScreenTests
{
    private readonly StringWriter _output = new();

    [Fact]
    public void The_picture_has_zones_nodes_waits_with_windows_and_everyones_view()
    {
        var screen = new LiveScreen(Console(isColoured: false));
        screen.Show(new Seen.Standing(Samples.Job));
        _output.GetStringBuilder().Clear();

        Console(isColoured: false).Write(screen.Picture());

        Snapshot.Match("running", _output.ToString());
    }

    [Fact]
    public void A_halted_job_says_what_is_wrong_what_is_safe_and_what_can_be_typed()
    {
        var screen = new LiveScreen(Console(isColoured: false));

        screen.Show(new Seen.Standing(Samples.Halted));
        Console(isColoured: false).Write(screen.Picture());

        Snapshot.Match("halted", _output.ToString());
    }

    [Fact]
    public async Task A_watch_on_a_terminal_leaves_the_end_on_it_and_takes_the_picture_away()
    {
        await using var bot = (await FakeBot.StartAsync()).Ready();
        bot.Streams([Samples.Standing(Samples.Job), Samples.Logged(1, "[red]no markup[/]"), Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(bot.Socket) { Terminal = Console(isColoured: true) }.SayAsync("job", "watch", Samples.JobId);

        Assert.Equal(ExitCodes.Done, said.Code);
        var end = _output.ToString();
        Assert.Contains("[red]no markup[/]", end);
        Assert.Contains($"Job {Samples.JobId} succeeded after 3 min", end);
        Assert.True(end.LastIndexOf("SUCCEEDED", StringComparison.Ordinal) > end.LastIndexOf("Ctrl-C detaches", StringComparison.Ordinal));
    }

    [Fact]
    public void On_a_small_terminal_the_log_keeps_its_room()
    {
        var screen = new LiveScreen(Console(isColoured: false, height: 12));
        screen.Show(new Seen.Standing(Samples.Job));
        _output.GetStringBuilder().Clear();

        Console(isColoured: false).Write(screen.Picture());

        Assert.InRange(_output.ToString().TrimEnd().Split('\n').Length, 4, 10);
        Assert.Contains("Ctrl-C detaches", _output.ToString());
    }

    /// <summary>As it was seen: "duration=32.723se, zone by zone on search-stg".</summary>
    [Theory]
    [InlineData(80)]
    [InlineData(110)]
    [InlineData(140)]
    public async Task A_log_line_that_wraps_has_nothing_of_the_old_picture_beside_it(int width)
    {
        var screen = new LiveScreen(Console(isColoured: true, height: 30, width));
        string[] texts = [.. Enumerable.Range(1, 6).Select(n => $"task {n} of systemd-start-service has finished well, service=scylla-server result=started{new string('.', n * 3)} duration={n}.723s")];
        string[] shown = [];

        await screen.OpenAsync(() =>
        {
            screen.Show(new Seen.Standing(Samples.Job with { Title = "Restart every node, zone by zone, so that what was changed is in use on all of them" }));
            Array.ForEach(texts, t => screen.Show(new Seen.Logged(Samples.Line(1, t))));
            shown = OnTerminal(width);
            return Task.FromResult(0);
        });

        var log = shown.TakeWhile(r => !r.StartsWith("---", StringComparison.Ordinal)).ToArray();
        Assert.Equal(string.Join(' ', texts.Select(t => Samples.Line(1, t).Line)).Split(' '), string.Join(' ', log).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Single(shown, r => r.StartsWith("---", StringComparison.Ordinal));
        Assert.Equal("Ctrl-C detaches; the job goes on", shown[^1]);
    }

    [Fact]
    public void Letters_that_are_two_columns_wide_are_counted_as_two()
    {
        var screen = new LiveScreen(Console(isColoured: false, height: 12, width: 80));
        var wait = Samples.Job.Waits[1] with { Node = null, Condition = "c", Why = new string('日', 60), GivesUp = null, Readings = [] };
        screen.Show(new Seen.Standing(Samples.Job with { Nodes = [], Waits = [.. Enumerable.Repeat(wait, 8)] }));
        _output.GetStringBuilder().Clear();

        Console(isColoured: false, height: 12, width: 80).Write(screen.Picture());

        Assert.InRange(_output.ToString().TrimEnd().Split('\n').Length, 4, 10);
    }

    [Theory]
    [InlineData(JobState.Holding, "HOLDING")]
    [InlineData(JobState.Paused, "PAUSED")]
    public void The_state_is_the_first_thing_to_be_seen(JobState state, string word)
    {
        Assert.Contains(word, JobPicture.Of(Samples.Job with { State = state }).ElementAt(1).Text);
    }

    private string[] OnTerminal(int width)
    {
        var terminal = new SmallTerminal(width);
        terminal.Write(_output.ToString());
        return terminal.Rows;
    }

    private IAnsiConsole Console(bool isColoured, int height = 50, int width = 140)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isColoured ? AnsiSupport.Yes : AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_output), Interactive = InteractionSupport.No,
        });
        (console.Profile.Width, console.Profile.Height) = (width, height);
        return console;
    }
}
