using ScyllaBot.Core.Control;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Bot;

/// <summary>Answers that are lost on the way.</summary>
public sealed class BotClientTests : IAsyncLifetime
{
    private FakeBot _bot = null!;

    public async Task InitializeAsync() => _bot = (await FakeBot.StartAsync()).Ready();

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_post_whose_answer_is_lost_is_not_no_bot_and_says_where_to_look(bool isAwayThen)
    {
        _bot.Does(ControlRoutes.Pause, context =>
        {
            if (isAwayThen)
            {
                File.Delete(_bot.Socket);
            }

            context.Abort();
            return Task.CompletedTask;
        });

        var said = await PauseAsync();

        Assert.Equal((ExitCodes.Broken, ""), (said.Code, said.Out));
        Assert.Contains("whether it was done is not known", said.Errors);
        Assert.Contains("`scyllactl history` and `scyllactl job list`", said.Errors);
        Assert.DoesNotContain("systemctl start", said.Errors);
        Assert.Single(_bot.Asked.Where(a => a.Method == "POST").Select(a => a.RequestId).Distinct());
    }

    [Fact]
    public async Task A_post_whose_answer_is_lost_once_is_sent_again_under_the_same_id()
    {
        var first = true;
        _bot.Does(ControlRoutes.Pause, context =>
        {
            if (first)
            {
                first = false;
                context.Abort();
                return Task.CompletedTask;
            }

            return Microsoft.AspNetCore.Http.HttpResponseJsonExtensions.WriteAsJsonAsync(context.Response, new VerbAnswer("It pauses.", Samples.JobId, ScyllaBot.Core.Jobs.JobState.Pausing), ControlJson.Answers);
        });

        var said = await PauseAsync();

        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Errors));
        var asked = _bot.Asked.Where(a => a.Method == "POST").Select(a => a.RequestId).ToArray();
        Assert.Equal((2, asked[0]), (asked.Length, asked[^1]));
    }

    [Fact]
    public async Task A_question_whose_answer_is_lost_changed_nothing_so_a_bot_that_is_away_then_is_just_away()
    {
        _bot.Does(ControlRoutes.Jobs, context =>
        {
            File.Delete(_bot.Socket);
            context.Abort();
            return Task.CompletedTask;
        });

        var said = await new Prompt(_bot.Socket).SayAsync("job", "list");

        Assert.Equal(ExitCodes.NoBot, said.Code);
        Assert.Contains("systemctl start scyllabot", said.Errors);
    }

    [Fact]
    public async Task A_post_that_never_arrived_is_no_bot()
    {
        await _bot.DieAsync();

        Assert.Equal(ExitCodes.NoBot, (await PauseAsync()).Code);
    }

    private Task<Said> PauseAsync() => new Prompt(_bot.Socket).SayAsync("job", "pause", Samples.JobId);
}
