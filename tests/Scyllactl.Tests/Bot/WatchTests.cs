using System.Text.Json;
using ScyllaBot.Core.Control;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Bot;

public sealed class WatchTests : IAsyncLifetime
{
    private FakeBot _bot = null!;

    public async Task InitializeAsync() => _bot = (await FakeBot.StartAsync()).Ready()
        .Answers(ControlRoutes.Job, Samples.Job).Answers(ControlRoutes.Log, new JobLog(Samples.JobId, [Samples.Line(7, "seven")]));

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    [Fact]
    public async Task When_the_bot_restarts_the_watch_says_so_and_goes_on_where_it_was()
    {
        var watching = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bot.Streams([Samples.Standing(Samples.Job), Samples.Logged(8, "before")], async context =>
        {
            watching.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        var prompt = new Prompt(_bot.Socket);
        var said = prompt.SayAsync("job", "watch", Samples.JobId);

        await watching.Task;
        await UntilAsync(() => prompt.Out.ToString().Contains("before", StringComparison.Ordinal));
        await _bot.DieAsync();
        await UntilAsync(() => prompt.Errors.ToString().Contains("the bot is away since", StringComparison.Ordinal));
        _bot.Streams([Samples.Logged(9, "after"), Samples.Standing(Samples.Succeeded), Samples.Over]);
        await _bot.StartAgainAsync();

        Assert.Equal(ExitCodes.Done, (await said).Code);
        Assert.Equal(["before", "after"], (await said).Out.TrimEnd().Split('\n').Select(l => l.Split(' ')[^1]));
        Assert.Contains("still trying", (await said).Errors);
        Assert.Contains("the bot is back", (await said).Errors);
        var asked = _bot.Asked.Where(a => a.Url.Contains("/watch", StringComparison.Ordinal)).ToArray();
        Assert.Equal(($"/v1/jobs/{Samples.JobId}/watch?tail=20", null), (asked[0].Url, asked[0].LastEventId));
        Assert.Equal(($"/v1/jobs/{Samples.JobId}/watch", "8-8"), (asked[^1].Url, asked[^1].LastEventId));
    }

    [Fact]
    public async Task A_bot_that_stops_on_purpose_is_waited_for_as_well()
    {
        var first = true;
        _bot.Does(ControlRoutes.Watch, async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
                first ? FakeBot.Event(WatchEvents.End, new WatchCursor(3, 3), new WatchEnd(WatchEnd.BotStops)) : Samples.Standing(Samples.Succeeded) + Samples.Over));
            first = false;
        });

        var said = await new Prompt(_bot.Socket).SayAsync("job", "watch", Samples.JobId);

        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal("3-3", _bot.Asked.Last().LastEventId);
    }

    [Fact]
    public async Task Programs_get_a_json_line_for_each_event()
    {
        _bot.Streams([Samples.Standing(Samples.Job), Samples.Logged(1, "hello"), Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(_bot.Socket).SayAsync("job", "watch", Samples.JobId, "-o", "json");

        var events = said.Out.TrimEnd().Split('\n').Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(["job", "log", "job", "end"], events.Select(e => e.GetProperty("event").GetString()));
        Assert.Equal("hello", events[1].GetProperty("data").GetProperty("text").GetString());
        Assert.Equal("", said.Errors);
    }

    [Fact]
    public async Task Without_a_bot_every_verb_ends_with_3_and_says_how_to_start_one()
    {
        await _bot.DieAsync();

        foreach (var args in new string[][] { ["job", "list"], ["job", "watch", "x"], ["cluster", "list"], ["halt-all"], ["node-task", "-n", "n", "t"] })
        {
            var said = await new Prompt(_bot.Socket).SayAsync(args);

            Assert.Equal(ExitCodes.NoBot, said.Code);
            Assert.Contains(_bot.Socket, said.Errors);
            Assert.Contains("systemctl start scyllabot", said.Errors);
        }
    }

    [Fact]
    public async Task The_usual_places_are_searched_in_their_order_and_dead_sockets_passed_over()
    {
        var folder = Directory.CreateTempSubdirectory("ctl");
        var dead = Directory.CreateDirectory(Path.Combine(folder.FullName, "run", "scyllabot"));
        await File.WriteAllTextAsync(Path.Combine(dead.FullName, ControlRoutes.SocketName), "");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "state", "sandbox-1"));
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "state", "sandbox-1", ControlRoutes.SocketName), _bot.Socket);
        var prompt = new Prompt { Folder = folder.FullName, Variables = { ["XDG_RUNTIME_DIR"] = Path.Combine(folder.FullName, "run") } };

        var said = await prompt.SayAsync("cluster", "list");

        Assert.Equal(ExitCodes.Done, said.Code);
        folder.Delete(recursive: true);
    }

    private static async Task UntilAsync(Func<bool> look)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!look())
        {
            await ticks.WaitForNextTickAsync(patience.Token);
        }
    }
}
