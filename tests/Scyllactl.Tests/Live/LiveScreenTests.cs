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

    [Theory]
    [InlineData(JobState.Holding, "HOLDING")]
    [InlineData(JobState.Paused, "PAUSED")]
    public void The_state_is_the_first_thing_to_be_seen(JobState state, string word)
    {
        Assert.Contains(word, JobPicture.Of(Samples.Job with { State = state }).ElementAt(1).Text);
    }

    private IAnsiConsole Console(bool isColoured, int height = 50)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isColoured ? AnsiSupport.Yes : AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(_output), Interactive = InteractionSupport.No,
        });
        (console.Profile.Width, console.Profile.Height) = (140, height);
        return console;
    }
}
