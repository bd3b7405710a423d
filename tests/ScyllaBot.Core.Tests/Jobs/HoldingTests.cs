using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R6: a job that holds by itself while something is wrong that is not its own doing, and goes on by itself.</summary>
public sealed class HoldingTests : IDisposable
{
    private static readonly TimeSpan Gate = TimeSpan.FromSeconds(120);

    /// <summary>Its health wait asks one witness, so a held node can finish although another one is dead.</summary>
    private static readonly BedOptions OneWitness = new()
    {
        Workflows = [("restart.yaml", BedWorkflows.Restart.Replace("up-for-all-peers", "is-up-normal", StringComparison.Ordinal))],
    };

    private EngineBed _bed = new(options: OneWitness);

    [Fact]
    public void R6_a_node_that_is_not_held_and_goes_down_puts_the_job_in_holding_and_the_held_one_finishes()
    {
        var id = RunUntilStopped("b1");
        Kill("d1");
        _bed.UntilState(id, JobState.Holding);
        Assert.Contains("d1 is not answering", _bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(("b1", ReleaseReason.Done), _bed.Events.OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        Assert.Equal(JobState.Holding, _bed.Job(id).State);
        Assert.Equal("b1", Assert.Single(_bed.Events.OfType<NodeHeld>()).Node);

        Start("d1");
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Empty(_bed.Events.OfType<Halted>());
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R6_it_goes_on_by_itself_after_the_gate_has_held_and_not_before()
    {
        var id = RunUntilStopped("b1");
        Kill("d1");
        _bed.UntilState(id, JobState.Holding);
        Start("d1");
        _bed.Until(() => _bed.Sim("d1").Serves);
        var well = _bed.Time.GetUtcNow();
        _bed.UntilState(id, JobState.Running);
        Assert.InRange(_bed.Time.GetUtcNow() - well, Gate, Gate + TimeSpan.FromSeconds(40));
        Assert.DoesNotContain(_bed.Events, e => e is NodeHeld && e.At > well && e.At < well + Gate);
    }

    [Fact]
    public void R6_a_restart_by_somebody_else_holds_although_everyone_is_up_again()
    {
        var id = RunUntilStopped("b1");
        var seen = Assert.IsType<NodesSeenWell>(_bed.Events.First(e => e is NodesSeenWell)).Generations["d1"];
        var before = _bed.Sim("d1").Generation;
        Assert.Equal($"{before}", seen);
        _bed.Ports.Rewrite = (call, body) => call is { Node: "d1" } && call.What.EndsWith("/generation_number", StringComparison.Ordinal) ? $"{before + 7}" : body;
        _bed.UntilState(id, JobState.Holding);
        Assert.Equal($"d1 was restarted, and not by this job (generation {before}, now {before + 7})", _bed.Job(id).Hold!.Why);
        _bed.UntilState(id, JobState.Ended);
        Assert.Single(_bed.Events.OfType<JobHeld>());
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R6_a_restart_by_somebody_else_while_the_bot_was_away_is_found_by_what_the_journal_knows()
    {
        var id = RunUntilStopped("b1");
        _bed.Until(() => _bed.Events.Any(e => e is NodesSeenWell));
        _bed.Kill();
        Kill("d1");
        Start("d1");
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.True(_bed.Sim("d1").Serves);
        Assert.Empty(_bed.StartHost());
        _bed.UntilState(id, JobState.Holding);
        Assert.Contains("d1 was restarted", _bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Effects.Count(e => e is { Kind: "stop", Step: not null }));
    }

    [Fact]
    public void R6_its_own_restarts_are_never_taken_for_somebody_elses()
    {
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<JobHeld>());
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R6_a_hiccup_shorter_than_it_takes_to_settle_holds_nothing()
    {
        var id = RunUntilStopped("b1");
        var until = _bed.Time.Elapsed + TimeSpan.FromSeconds(7);
        _bed.Ports.Fate = call => call.Node == "d1" && _bed.Time.Elapsed < until ? Loss.Before : Loss.None;
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<JobHeld>());
    }

    [Fact]
    public void R6_a_node_that_nobody_asked_to_join_holds_the_job()
    {
        var id = RunUntilStopped("b1");
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/nodes/joining", StringComparison.Ordinal) ? """["10.9.9.9"]""" : body;
        _bed.UntilState(id, JobState.Holding);
        Assert.Equal("10.9.9.9 joins or leaves the cluster, and not by this job", _bed.Job(id).Hold!.Why);
        _bed.Ports.Rewrite = (_, body) => body;
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R6_a_node_that_still_joins_after_a_pause_and_a_resume_holds_the_job_again()
    {
        var id = RunUntilStopped("b1");
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/nodes/joining", StringComparison.Ordinal) ? """["10.9.9.9"]""" : body;
        _bed.UntilState(id, JobState.Holding);
        _bed.Until(() => _bed.Events.Any(e => e is NodeReleased));
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.ResumeAsync(Operator, id, default)));
        _bed.UntilState(id, JobState.Holding);
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Single(_bed.Events.OfType<NodeHeld>());
        _bed.Ports.Rewrite = (_, body) => body;
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R6_a_hold_that_lasts_is_said_once_quietly_with_the_view_and_rings_once_after_ten_minutes()
    {
        var id = RunUntilStopped("b1");
        Kill("d1");
        _bed.UntilState(id, JobState.Holding);
        var since = _bed.Job(id).Hold!.Since;
        _bed.Pass(TimeSpan.FromMinutes(40));
        var ping = Assert.Single(_bed.Events.OfType<HoldPinged>());
        Assert.InRange(ping.At - since, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10.2));
        var said = _bed.Stored(s => s.OutboxAsync(id, default)).Where(r => r.Kind == "hold").Select(r => Core.Chat.NoticeJson.Read(r.Payload)).ToArray();
        Assert.Equal(2, said.Length);
        Assert.All(said, n => Assert.Contains(n.Parts, p => p.Text.StartsWith("```", StringComparison.Ordinal) && p.Text.Contains("d1", StringComparison.Ordinal)));
        Assert.Equal(JobState.Holding, _bed.Job(id).State);
    }

    [Fact]
    public void R6_the_same_node_flapping_three_times_in_a_quarter_of_an_hour_halts()
    {
        var id = RunUntilStopped("b1");
        _bed.Until(() => _bed.Job(id).SeenWell.ContainsKey("d1"));
        Flap("d1");
        Flap("d1");
        Kill("d1");
        _bed.UntilState(id, JobState.Halted);
        Assert.Contains("d1 flapped 3 times in 15 min", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.Equal(3, _bed.Events.OfType<JobHeld>().Count(e => e.Node == "d1"));

        Start("d1");
        _bed.Until(() => _bed.Sim("d1").Serves);
        _bed.Pass(TimeSpan.FromMinutes(1));
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R6_a_hold_survives_a_restart_of_the_bot_and_counts_its_cause_once()
    {
        var id = RunUntilStopped("b1");
        Kill("d1");
        _bed.UntilState(id, JobState.Holding);
        var since = _bed.Job(id).Hold!.Since;
        for (var i = 0; i < 4; i++)
        {
            _bed.Pass(TimeSpan.FromSeconds(45));
            _bed.Kill();
            _bed.Pass(TimeSpan.FromSeconds(10));
            Assert.Empty(_bed.StartHost());
        }

        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(since, _bed.Job(id).Hold!.Since);
        Assert.Single(_bed.Events.OfType<JobHeld>());
        Start("d1");
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R6_a_job_for_a_node_that_was_down_before_it_began_does_not_hold_for_its_own_node()
    {
        Kill("b1");
        _bed.Pass(TimeSpan.FromMinutes(1));
        var id = _bed.Run(Request(target: new Target.Named(["b1"])));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Empty(_bed.Events.OfType<JobHeld>());
        Assert.True(_bed.Sim("b1").Serves);
    }

    [Fact]
    public void R6_a_job_that_takes_nobody_down_never_holds()
    {
        Use(BedWorkflows.Own("""
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
                    success_window_seconds: 600
                    timeout_seconds: 3600
            """));
        var id = _bed.Start(Own("b1"));
        _bed.Pass(TimeSpan.FromSeconds(30));
        Kill("b1");
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.DoesNotContain(_bed.Events, e => e is JobHeld or NodesSeenWell);
    }

    [Fact]
    public void R6_a_hold_cuts_the_wait_of_a_node_that_is_not_held_and_gives_its_patience_back()
    {
        Use(BedWorkflows.Own("""
            - task: !take-down
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
            """));
        var may = false;
        _bed.Ports.WhyNot = (what, _) => what != "take-down" || may ? null : "not yet";
        var id = _bed.Run(Own("b1"));
        _bed.Pass(TimeSpan.FromMinutes(4));
        Kill("d1");
        _bed.UntilState(id, JobState.Holding);
        _bed.Pass(TimeSpan.FromMinutes(30));
        Assert.Contains(_bed.Events, e => e is StepInterrupted { Key.Node: "b1" });
        Start("d1");
        _bed.UntilState(id, JobState.Running);
        _bed.Pass(TimeSpan.FromMinutes(4));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        may = true;
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<Halted>());
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void A_holding_job_can_be_paused_and_aborted_and_says_why_it_can_not_be_resumed()
    {
        var id = RunUntilStopped("b1");
        Kill("d1");
        _bed.UntilState(id, JobState.Holding);
        Assert.Contains("goes on by itself", No(_bed.Press(c => c.ResumeAsync(Operator, id, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.True(_bed.Sim("b1").Serves);
    }

    public void Dispose() => _bed.Dispose();

    private JobId RunUntilStopped(string node, int limit = 1)
    {
        var id = _bed.Run(Request(limit: limit));
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop" && e.Node == node));
        return id;
    }

    private void Flap(string node)
    {
        var times = _bed.Events.OfType<JobHeld>().Count();
        Kill(node);
        _bed.Until(() => _bed.Events.OfType<JobHeld>().Count() > times, what: "the hold");
        Start(node);
        _bed.Until(() => _bed.Sim(node).Serves);
        _bed.Pass(TimeSpan.FromSeconds(20));
    }

    private void Kill(string node) => _bed.World.Agenda.Run(() => _bed.Sim(node).Kill(Cause.Nobody));

    private void Start(string node) => _ = _bed.World.Agenda.Run(() => _bed.Sim(node).Unit.StartAsync(Cause.Nobody, "power-on"));

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
