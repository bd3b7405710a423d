using Microsoft.AspNetCore.Http;
using ScyllaBot.Core.Control;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests;

/// <summary>What is typed wrongly, and what nobody foresaw: a sentence and an exit code, never a stack trace.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private FakeBot _bot = null!;

    public async Task InitializeAsync() => _bot = (await FakeBot.StartAsync()).Ready();

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    /// <summary>In a script: <c>scyllactl job run w -c messages-stg --nodes "$NODES"</c> with nothing in NODES.</summary>
    [Theory]
    [InlineData("The cluster", "cluster", "show", "")]
    [InlineData("The nodes", "cluster", "safe", "")]
    [InlineData("The nodes", "cluster", "safe", ",")]
    [InlineData("The job", "job", "show", "")]
    [InlineData("The job", "job", "approve", "")]
    [InlineData("The job", "job", "pause", " ")]
    [InlineData("The job", "job", "watch", "")]
    [InlineData("The files", "workflow", "validate", "")]
    [InlineData("--nodes", "job", "run", "w", "-c", "messages-stg", "--nodes", "")]
    [InlineData("--nodes", "job", "run", "w", "-c", "messages-stg", "--nodes=,")]
    [InlineData("--cluster", "job", "list", "--cluster", "")]
    [InlineData("--limit", "job", "plan", "w", "-c", "messages-stg", "--limit", "")]
    [InlineData("--node", "node-task", "-n", "", "scylla-drain")]
    [InlineData("--socket", "--socket", "", "job", "list")]
    public async Task A_word_that_is_empty_is_refused_before_the_bot_is_asked(string what, params string[] args)
    {
        var said = await new Prompt(_bot.Socket).SayAsync(args);

        Assert.Equal((ExitCodes.Refused, "", $"{what} is empty: was a variable of a script not set?\n"), (said.Code, said.Out, said.Errors));
        Assert.Empty(_bot.Asked);
    }

    [Theory]
    [InlineData("job", "run", "w", "-c", "messages-stg", "--nodes=")]
    [InlineData("job", "run", "w", "--cluster=")]
    public async Task An_option_with_nothing_behind_it_does_not_mean_everything(params string[] args)
    {
        Assert.Equal(ExitCodes.Refused, (await new Prompt(_bot.Socket).SayAsync(args)).Code);
        Assert.Empty(_bot.Asked);
    }

    [Fact]
    public async Task A_reason_may_be_empty()
    {
        _bot.Answers(ControlRoutes.HaltAll, new VerbAnswer("Halted.", null, null));

        Assert.Equal(ExitCodes.Done, (await new Prompt(_bot.Socket).SayAsync("halt-all", "--reason", "")).Code);
    }

    [Fact]
    public async Task What_nobody_foresaw_is_one_sentence_and_exit_code_5()
    {
        _bot.Does(ControlRoutes.Cluster, context => context.Response.WriteAsJsonAsync(new { Strange = 1 }));

        var said = await new Prompt(_bot.Socket).SayAsync("cluster", "show", "messages-stg");

        Assert.Equal((ExitCodes.Broken, ""), (said.Code, said.Out));
        Assert.Single(said.Errors.TrimEnd().Split('\n'));
        Assert.Contains("of one version?", said.Errors, StringComparison.Ordinal);
    }
}
