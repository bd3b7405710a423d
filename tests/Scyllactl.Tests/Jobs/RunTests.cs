using System.Text.Json;
using ScyllaBot.Core.Control;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Jobs;

public sealed class RunTests : IAsyncLifetime
{
    private FakeBot _bot = null!;

    private static readonly string[] Run = ["job", "run", "rolling_restart", "--cluster=messages-stg"];

    public async Task InitializeAsync() => _bot = (await FakeBot.StartAsync()).Ready();

    public async Task DisposeAsync() => await _bot.DisposeAsync();

    [Fact]
    public async Task A_job_is_planned_started_by_its_hash_and_watched_to_its_end()
    {
        _bot.Streams([Samples.Standing(Samples.Job), Samples.Logged(1, "Drain Scylla node: Start"), Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(_bot.Socket).SayAsync(
            [.. Run, "--nodes=a,", "b", "--zone", "z", "--except=c", "--limit=2", "--stop-after=5", "--var", "settle=90", "--reason", "why not", "--from-job=J", "--only=failed", "--known-down=d"]);

        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Equal($"2026-01-28 18:29:02.441Z [{Samples.Node}] Drain Scylla node: Start\n", said.Out);
        Assert.Contains($"Job {Samples.JobId} started.", said.Errors);
        Assert.Contains($"Job {Samples.JobId} succeeded after 3 min: every step passed", said.Errors);
        var form = JsonSerializer.Deserialize<PlanForm>(Body("/v1/plans"), ControlJson.Strict)!;
        Assert.Equal("a b", string.Join(" ", form.Nodes));
        Assert.Equal(("z", "c", "d"), (form.Zones.Single(), form.Except.Single(), form.KnownDown.Single()));
        Assert.Equal((2, 5, "90", "why not", "J", "failed"), (form.Limit, form.StopAfter, form.Variables["settle"], form.Reason, form.FromJob, form.Only));
        Assert.Equal(Samples.Plan.Hash, JsonSerializer.Deserialize<StartForm>(Body("/v1/plans/p1/start"), ControlJson.Strict)!.Hash);
        Assert.All(_bot.Asked.Where(a => a.Method == "POST"), a => Assert.True(Guid.TryParse(a.RequestId, out _)));
        Assert.Equal("0-0", _bot.Asked.Last().LastEventId);
    }

    [Fact]
    public async Task R29_what_can_only_be_looked_at_is_shown_with_the_reason_and_never_asked_for_nor_started()
    {
        const string Why = "messages-stg is in observe mode: it is planned for and never touched.";
        _bot.Answers(ControlRoutes.Plan, Samples.Plan with { WhyNoStart = Why, IsDestructive = true });

        var said = await new Prompt(_bot.Socket) { Typed = "messages-stg" }.SayAsync([.. Run]);

        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains($"Can not be started\n  {Why}", said.Errors, StringComparison.Ordinal);
        Assert.EndsWith($"Not started. {Why}\n", said.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Type", said.Errors, StringComparison.Ordinal);
        Assert.Single(_bot.Asked, a => a.Method == "POST");

        said = await new Prompt(_bot.Socket).SayAsync(["job", "plan", "rolling_restart", "--cluster=messages-stg"]);
        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.Contains($"Can not be started\n  {Why}", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_pipe_no_escape_reaches_anybody_whatever_nodes_and_people_say()
    {
        var nasty = Samples.Succeeded with { Title = "\u001b[2Jgone", EndWhy = "\u001b]0;title\u0007 [red]markup[/]" };
        _bot.Streams([Samples.Standing(Samples.Halted with { Halt = Samples.Halted.Halt! with { Why = "\u001b[31mred" } }), Samples.Logged(1, "\u001b[5mblink"), Samples.Standing(nasty), Samples.Over]);

        var said = await new Prompt(_bot.Socket).SayAsync([.. Run, "--on-halt=wait"]);

        Assert.DoesNotContain('\u001b', said.Out + said.Errors);
        Assert.DoesNotContain('\u0007', said.Out + said.Errors);
        Assert.Contains("[red]markup[/]", said.Errors);
    }

    [Theory]
    [InlineData(false, ExitCodes.Failed)]
    [InlineData(true, ExitCodes.Done)]
    public async Task A_halt_ends_a_script_with_1_unless_it_waits(bool waits, int code)
    {
        _bot.Streams([Samples.Standing(Samples.Halted), Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(_bot.Socket).SayAsync(waits ? [.. Run, "--on-halt=wait"] : Run);

        Assert.Equal(code, said.Code);
        Assert.Contains("halted at 1.2@" + Samples.Node + ": the drain was refused", said.Errors);
        Assert.Contains($"scyllactl job retry {Samples.JobId}", said.Errors);
    }

    [Fact]
    public async Task An_aborted_job_ends_with_1()
    {
        _bot.Streams([Samples.Standing(Samples.Aborted), Samples.Over]);

        var said = await new Prompt(_bot.Socket).SayAsync(Run);

        Assert.Equal(ExitCodes.Failed, said.Code);
        Assert.Contains("aborted after 3 min: mara asked for it", said.Errors);
    }

    [Theory]
    [InlineData("y", ExitCodes.Done, true)]
    [InlineData("n", ExitCodes.Refused, false)]
    [InlineData("", ExitCodes.Refused, false)]
    public async Task A_person_is_shown_the_plan_and_asked(string typed, int code, bool started)
    {
        _bot.Streams([Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(_bot.Socket) { Typed = typed }.SayAsync(Run);

        Assert.Equal((code, started), (said.Code, _bot.Asked.Any(a => a.Url == "/v1/plans/p1/start")));
        Assert.Contains("one at a time keeps every quorum", said.Errors);
        Assert.Contains("Start? [y/N]", said.Errors);
    }

    [Theory]
    [InlineData(null, new string[0], false)]
    [InlineData(null, new[] { "--yes" }, false)]
    [InlineData(null, new[] { "--confirm", "messages-stg" }, true)]
    [InlineData(null, new[] { "--confirm", "messages-prd" }, false)]
    [InlineData("messages-stg", new string[0], true)]
    [InlineData("yes", new[] { "--yes" }, false)]
    public async Task R17_what_destroys_starts_only_when_the_clusters_name_was_typed(string? typed, string[] more, bool started)
    {
        _bot.Answers(ControlRoutes.Plan, Samples.Plan with { IsDestructive = true }).Streams([Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(_bot.Socket) { Typed = typed }.SayAsync([.. Run, .. more]);

        Assert.Equal((started ? ExitCodes.Done : ExitCodes.Refused, started), (said.Code, _bot.Asked.Any(a => a.Url == "/v1/plans/p1/start")));
        Assert.True(started || said.Errors.Contains("messages-stg", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Detached_from_the_start_it_prints_the_id_alone()
    {
        var said = await new Prompt(_bot.Socket).SayAsync([.. Run, "--detach"]);

        Assert.Equal((ExitCodes.Done, Samples.JobId + "\n"), (said.Code, said.Out));
    }

    [Fact]
    public async Task Ctrl_C_detaches_says_how_to_watch_again_and_sends_nothing()
    {
        using var ctrlC = new CancellationTokenSource();
        _bot.Streams([Samples.Standing(Samples.Job)], async context =>
        {
            await ctrlC.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var said = await new Prompt(_bot.Socket).SayAsync(ctrlC.Token, Run);

        Assert.Equal(ExitCodes.Detached, said.Code);
        Assert.Contains($"Detached: job {Samples.JobId} goes on. `scyllactl job watch {Samples.JobId}` watches it again.", said.Errors);
        Assert.DoesNotContain(_bot.Asked, a => a.Url.EndsWith("/abort", StringComparison.Ordinal) || a.Url.EndsWith("/pause", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_plan_says_all_that_is_wrong_and_ends_with_2()
    {
        _bot.Refuses(ControlRoutes.Plan, Problems.Refused, "It can not be run.", "node x is not in the ring", "zone y is unknown");

        var said = await new Prompt(_bot.Socket).SayAsync(Run);

        Assert.Equal((ExitCodes.Refused, "It can not be run.\n  node x is not in the ring\n  zone y is unknown\n"), (said.Code, said.Errors));
    }

    [Theory]
    [InlineData(Problems.Forbidden, ExitCodes.NotAllowed)]
    [InlineData(Problems.Unauthenticated, ExitCodes.NotAllowed)]
    [InlineData(Problems.NotFound, ExitCodes.Refused)]
    [InlineData(Problems.BadRequest, ExitCodes.Refused)]
    [InlineData(Problems.Busy, ExitCodes.Refused)]
    [InlineData(Problems.Failed, ExitCodes.Broken)]
    public async Task Each_kind_of_problem_has_its_exit_code(string problem, int code)
    {
        _bot.Refuses(ControlRoutes.Pause, problem, "so it is");

        var said = await new Prompt(_bot.Socket).SayAsync("job", "pause", Samples.JobId);

        Assert.Equal((code, "so it is\n", ""), (said.Code, said.Errors, said.Out));
    }

    [Fact]
    public async Task A_node_task_prints_the_articles_lines_and_nothing_else()
    {
        _bot.Answers(ControlRoutes.Job, Samples.Job).Streams(
        [
            Samples.Standing(Samples.Job), Samples.Logged(1, "Condition Check (Node is quorum safe): Start"), Samples.Logged(2, "Drain completed successfully"),
            Samples.Logged(3, "Finished   duration=2.259s"), Samples.Standing(Samples.Succeeded), Samples.Over,
        ]);

        var said = await new Prompt(_bot.Socket).SayAsync("node-task", "--node", Samples.Node, "scylla-drain", "--input", "a=b=c", "--known-down=x,", "y");

        Assert.Equal((ExitCodes.Done, ""), (said.Code, said.Errors));
        Assert.Equal(
            """
            2026-01-28 18:29:02.441Z Condition Check (Node is quorum safe): Start
            2026-01-28 18:29:02.441Z Drain completed successfully
            2026-01-28 18:29:02.441Z Finished   duration=2.259s

            """, said.Out);
        var form = JsonSerializer.Deserialize<TaskForm>(Body("/v1/plans/task"), ControlJson.Strict)!;
        Assert.Equal(("scylla-drain", "messages-stg", Samples.Node, "b=c"), (form.Task, form.Cluster, form.Node, form.Inputs["a"]));
        Assert.Equal("x y", string.Join(' ', form.KnownDown));
    }

    [Fact]
    public async Task A_node_task_that_fails_says_why_on_the_other_output()
    {
        _bot.Answers(ControlRoutes.Job, Samples.Job).Streams([Samples.Logged(1, "Failed: no"), Samples.Standing(Samples.Halted)]);

        var said = await new Prompt(_bot.Socket).SayAsync("node-task", "--node", Samples.Node, "scylla-drain");

        Assert.Equal(ExitCodes.Failed, said.Code);
        Assert.Contains("the drain was refused", said.Errors);
    }

    [Fact]
    public async Task A_task_that_ran_under_a_halted_jobs_lease_ends_by_itself()
    {
        _bot.Answers(ControlRoutes.Job, Samples.Halted with { Workflow = "another" }).Streams([Samples.Standing(Samples.Halted)]);

        var said = await new Prompt(_bot.Socket).SayAsync("node-task", "--node", Samples.Node, "systemd-start-service", "--input", "service=scylla-server");

        Assert.Equal(ExitCodes.Done, said.Code);
        Assert.DoesNotContain(_bot.Asked, a => a.Url.EndsWith("/watch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("messages-stg", true)]
    [InlineData("messages-prd", false)]
    public async Task R17_a_rejoin_wipes_so_it_wants_the_clusters_name(string confirmed, bool started)
    {
        _bot.Answers(ControlRoutes.Rejoin, Samples.Plan with { IsDestructive = true }).Streams([Samples.Standing(Samples.Succeeded), Samples.Over]);

        var said = await new Prompt(_bot.Socket).SayAsync("job", "rejoin", Samples.JobId, "--node", Samples.Node, "--confirm", confirmed);

        Assert.Equal((started ? ExitCodes.Done : ExitCodes.Refused, started), (said.Code, _bot.Asked.Any(a => a.Url == "/v1/plans/p1/start")));
        Assert.Equal($$"""{"node":"{{Samples.Node}}"}""", Body($"/v1/jobs/{Samples.JobId}/rejoin"));
    }

    [Fact]
    public async Task The_machines_common_name_is_taken_for_their_cluster()
    {
        _bot.Streams([Samples.Standing(Samples.Succeeded), Samples.Over]);

        await new Prompt(_bot.Socket).SayAsync("job", "run", "rolling_restart", "--cluster=scylla-messages-stg");

        Assert.Equal("messages-stg", JsonSerializer.Deserialize<PlanForm>(Body("/v1/plans"), ControlJson.Strict)!.Cluster);
    }

    [Fact]
    public async Task A_node_that_nobody_has_is_answered_with_the_nearest_one()
    {
        var said = await new Prompt(_bot.Socket).SayAsync("node-task", "--node", "scylla-messages-stg-us-east1-b-2", "scylla-drain");

        Assert.Equal((ExitCodes.Refused, $"No cluster has a node scylla-messages-stg-us-east1-b-2; did you mean {Samples.Node}.\n"), (said.Code, said.Errors));
    }

    [Theory]
    [InlineData("job")]
    [InlineData("job", "run")]
    [InlineData("job", "run", "w")]
    [InlineData("job", "lst")]
    [InlineData("job", "list", "--output=xml")]
    [InlineData("job", "run", "w", "-c", "c", "--only", "some")]
    [InlineData("job", "run", "w", "-c", "messages-stg", "--var", "novalue")]
    [InlineData("takeover", "messages-stg")]
    public async Task A_wrong_command_line_ends_with_2_and_starts_nothing(params string[] args)
    {
        var said = await new Prompt(_bot.Socket).SayAsync(args);

        Assert.Equal((ExitCodes.Refused, ""), (said.Code, said.Out));
        Assert.NotEqual("", said.Errors);
        Assert.DoesNotContain(_bot.Asked, a => a.Method == "POST");
    }

    private string Body(string url) => _bot.Asked.Single(a => a.Url == url).Body;
}
