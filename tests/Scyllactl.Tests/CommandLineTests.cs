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

    [Theory]
    [InlineData("scyllactl has no verb \"jbo\"; did you mean job?\nscyllactl --help explains.\n", "jbo", "list")]
    [InlineData("scyllactl job has no verb \"lst\"; did you mean list?\nscyllactl job --help explains.\n", "job", "lst", "--all")]
    [InlineData("scyllactl workflow needs a verb: list, show, validate, schema.\nscyllactl workflow --help explains.\n", "workflow")]
    [InlineData("scyllactl job list has no option \"--limt\"; did you mean --limit?\nscyllactl job list --help explains.\n", "job", "list", "--limt=5")]
    [InlineData("scyllactl job show has no place for \"twice\".\nscyllactl job show --help explains.\n", "job", "show", "J", "twice")]
    [InlineData("--limit takes a whole number, not \"abc\".\nscyllactl job plan --help explains.\n", "job", "plan", "w", "-c", "c", "--limit", "abc")]
    [InlineData("--var takes NAME=VALUE, not \"novalue\".\n", "job", "plan", "w", "-c", "messages-stg", "--var", "novalue")]
    [InlineData("There is no cluster \"messges-stg\"; did you mean messages-stg?\n", "cluster", "show", "messges-stg")]
    [InlineData("There is no cluster \"messges-stg\"; did you mean messages-stg?\n", "job", "plan", "w", "-c", "messges-stg")]
    [InlineData("No cluster has a node like kafka-*.\n", "cluster", "safe", "kafka-*")]
    [InlineData("One node's name is wanted, not the pattern \"scylla-*\".\n", "node-task", "-n", "scylla-*", "scylla-drain")]
    public async Task What_is_misspelt_is_told_in_a_sentence_of_ours(string says, params string[] args)
    {
        var said = await new Prompt(_bot.Socket).SayAsync(args);

        Assert.Equal((ExitCodes.Refused, "", says), (said.Code, said.Out, said.Errors));
    }

    [Fact]
    public async Task A_pattern_finds_its_cluster_and_goes_to_the_bot_as_it_is()
    {
        _bot.Answers(ControlRoutes.Safe, new SafeAnswer("messages-stg", [Samples.Node], true, null, [], [], true, false, 432, []));

        var said = await new Prompt(_bot.Socket).SayAsync("cluster", "safe", "scylla-*-b-?");

        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal("/v1/clusters/messages-stg/safe", _bot.Asked.Last().Url.Split('?')[0]);
    }

    [Theory]
    [InlineData("cluster", "safe", "X")]
    [InlineData("cluster", "show", "X")]
    [InlineData("job", "show", "X")]
    [InlineData("X")]
    [InlineData("job", "list", "X")]
    [InlineData("job", "list", "--limit", "X")]
    [InlineData("job", "plan", "X", "-c", "messages-stg")]
    [InlineData("job", "plan", "w", "-c", "messages-stg", "--nodes=a,X")]
    [InlineData("job", "plan", "w", "-c", "messages-stg", "--var", "X")]
    [InlineData("task", "show", "X")]
    [InlineData("workflow", "validate", "X")]
    [InlineData("--socket", "X", "job", "list")]
    public async Task What_was_typed_is_never_said_back_at_length(params string[] args)
    {
        var most = new string('x', 5000);
        foreach (var route in new[] { ControlRoutes.Cluster, ControlRoutes.Job, ControlRoutes.Plan })
        {
            _bot.Refuses(route, Problems.Refused, $"There is no {most}.", $"There is no {most}.", "And more.");
        }

        _bot.Answers(ControlRoutes.Clusters, Samples.Clusters with { Clusters = [] });

        var said = await new Prompt(_bot.Socket).SayAsync([.. args.Select(a => a.Replace("X", most, StringComparison.Ordinal))]);

        Assert.NotEqual(ExitCodes.Done, said.Code);
        Assert.InRange(said.Errors.Length, 10, 700);
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
