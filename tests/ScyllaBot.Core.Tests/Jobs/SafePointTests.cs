using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R2 to R4: who is held, where a job may stop, and that nobody is left lying.</summary>
public sealed class SafePointTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R2_a_node_is_held_from_its_first_takes_down_until_its_last_health_wait()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
            - task: !take-down
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
            - task: !probe
                does: after
            """));
        var heldAfter = new List<bool>();
        _bed.Ports.ProbeAsync = (does, context, _) =>
        {
            heldAfter.Add(context.Held().Count > 0);
            return Task.CompletedTask;
        };
        _bed.UntilState(_bed.Run(Own("b1")), JobState.Ended);
        Assert.Equal([false, true, false], heldAfter);
        Assert.Equal(
            [typeof(StepSucceeded), typeof(NodeReleased)],
            Events().SkipWhile(e => e is not StepSucceeded { Key.Path: "1.3" }).Take(2).Select(e => e.GetType()));
    }

    [Fact]
    public void R3_a_paused_job_lets_held_nodes_finish()
    {
        var id = RunUntilStopped("b1", limit: 2);
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        var finished = Events().OfType<NodeReleased>().ToArray();
        Assert.NotEmpty(finished);
        Assert.All(finished, r => Assert.Equal(ReleaseReason.Done, r.How));
        var effects = _bed.Effects.Count();
        _bed.Pass(TimeSpan.FromHours(1));
        Assert.Equal(effects, _bed.Effects.Count());

        Yes(_bed.Press(c => c.ResumeAsync(Operator, id, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Effects.Count(e => e.Kind == "start"));
    }

    [Fact]
    public void A_pause_and_a_resume_in_the_same_moment_change_nothing()
    {
        var id = RunUntilStopped("b1");
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R3_a_siblings_halt_lets_held_nodes_finish()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 9);
        var id = _bed.Run(Request(limit: 2));
        _bed.UntilState(id, JobState.Halted);
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal("b1", Assert.Single(_bed.Job(id).Held.Keys));
        Assert.Equal(("b2", ReleaseReason.Done), Events().OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        Assert.Equal(["b1", "b2"], Events().OfType<NodeHeld>().Select(h => h.Node).Order());
    }

    [Fact]
    public void R3_abort_lets_held_nodes_finish_and_starts_no_other()
    {
        var id = RunUntilStopped("b1");
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Equal(("b1", ReleaseReason.Done), Events().OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        AssertOnlyThisWasTouched("b1");
    }

    [Fact]
    public void R4_abort_now_cuts_the_waits_and_brings_held_nodes_up()
    {
        var id = RunUntilStopped("b1");
        _bed.Until(() => Events().Any(e => e is StepStarted { Key.Path: "1.4" }));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: true, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(("b1", ReleaseReason.Restored), Events().OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        Assert.Contains(Events(), e => e is StepInterrupted { Why: "abort now" });
        Assert.True(_bed.Sim("b1").Serves);
        AssertOnlyThisWasTouched("b1");
    }

    [Fact]
    public void R4_a_node_that_is_down_by_us_can_not_be_skipped_and_is_brought_up_first()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Assert.Contains("bring it up first", No(_bed.Press(c => c.SkipAsync(Jon, id, null, default))), StringComparison.Ordinal);
        Assert.Equal("b1 is already being brought up.", DoTwice(c => c.RestoreAsync(Operator, id, null, default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Assert.Equal(JobState.Halted, _bed.Job(id).State);
        Assert.True(_bed.Sim("b1").Serves);
        Yes(_bed.Press(c => c.SkipAsync(Jon, id, "b1", default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(3, _bed.Effects.Where(e => e.Kind == "stop").Select(e => e.Node).Distinct().Count(n => n != "b1"));
    }

    [Fact]
    public void R4_a_node_whose_drain_hangs_is_brought_back_by_a_new_process()
    {
        _bed.Arm(FaultKind.DrainHangs, "b1");
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal(OperationMode.Draining, _bed.Sim("b1").Mode);
        Yes(_bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Assert.True(_bed.Sim("b1").Serves);

        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void A_retry_passes_the_drain_of_a_node_that_does_not_run_and_goes_on_to_start_it()
    {
        _bed.Arm(FaultKind.DrainHangs, "b1");
        _bed.Arm(FaultKind.StartFails, "b1", count: 3);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
        _bed.Until(() => _bed.Events.OfType<Halted>().Count() == 2);
        Assert.Equal("failed", _bed.Sim("b1").Unit.ActiveState);
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R4_a_retry_after_a_node_was_brought_up_takes_it_down_anew_before_what_failed()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
            - task: !scylla-drain
            - task: !systemd-stop-scylla-server
            - task: !take-down
                does: config
            - task: !systemd-start-service
                service: scylla-server
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
            """));
        var (probes, units) = (0, new List<string>());
        _bed.Ports.ProbeAsync = (does, _, _) =>
        {
            probes += does == "nothing" ? 1 : 0;
            if (does == "config")
            {
                units.Add(_bed.Sim("b1").Unit.ActiveState);
            }

            return units.Count == 1 ? throw new InvalidOperationException("no room for it") : Task.CompletedTask;
        };
        var id = _bed.Run(Own("b1"));
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Assert.True(_bed.Sim("b1").Serves);
        var retried = Assert.IsType<Outcome.Done>(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        Assert.Contains("b1 was brought up since", retried.Message, StringComparison.Ordinal);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(["inactive", "inactive"], units);
        Assert.Equal((1, 2), (probes, _bed.Effects.Count(e => e.Kind == "stop")));
        Assert.Equal([1, 2], Events().OfType<StepStarted>().Where(s => s.Key.Path == "1.3").Select(s => s.Attempt));
        Assert.Equal(2, Events().OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R4_an_abort_brings_up_the_node_that_halted_the_job()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(("b1", ReleaseReason.Restored), Events().OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        AssertOnlyThisWasTouched("b1");
    }

    [Fact]
    public void R4_one_node_that_can_not_be_brought_up_does_not_keep_another_one_down()
    {
        // Attempts of b1: its own two, then three of the restore.
        _bed.Arm(FaultKind.StartFails, "b1", count: 5);
        _bed.Arm(FaultKind.StartFails, "b2", count: 2);
        var id = _bed.Run(Request(limit: 2));
        _bed.Until(() => Events().OfType<Halted>().Count() == 2);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.Until(() => Events().OfType<Halted>().Count() == 3);
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("b1", Assert.Single(_bed.Job(id).Held.Keys));
        Assert.True(_bed.Sim("b2").Serves);

        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Equal(["b1", "b2"], _bed.Effects.Select(e => e.Node).Distinct().Order());
    }

    [Fact]
    public void R4_a_task_that_brings_a_node_up_asks_nobody()
    {
        var task = new TaskRequest(
            "request-2", "systemd-start-service", BedClusters.Name, "b1",
            System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("service", "scylla-server"), "");
        var plan = Assert.IsType<PlanOutcome.Ready>(_bed.Do(() => _bed.Control.PlanTaskAsync(Operator, task, default))).Plan;
        Assert.Empty(plan.Approvals);
        var id = Yes(_bed.Press(c => c.StartAsync(Operator, plan, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(Events().OfType<ApprovalAsked>());
    }

    [Fact]
    public void A_retry_while_siblings_still_finish_does_not_wait_for_them()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        _bed.Arm(FaultKind.SlowStart, "b2", seconds: 600);
        var id = _bed.Run(Request(limit: 2));
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.Until(() => _bed.Job(id).Held.Count == 1);
        Assert.Equal("b2", Assert.Single(_bed.Job(id).Held.Keys));
    }

    [Fact]
    public void A_restore_while_siblings_still_finish_does_not_wait_for_them()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        _bed.Arm(FaultKind.SlowStart, "b2", seconds: 600);
        var id = _bed.Run(Request(limit: 2));
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
        _bed.Until(() => _bed.Job(id).Held.Count == 1);
        Assert.Equal("b2", Assert.Single(_bed.Job(id).Held.Keys));
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }

    private IEnumerable<JobEvent> Events() => _bed.Events;

    private JobId RunUntilStopped(string node, int limit = 1)
    {
        var id = _bed.Run(Request(limit: limit));
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop" && e.Node == node));
        return id;
    }

    private string DoTwice(Func<IJobControl, Task<Outcome>> verb)
    {
        Yes(_bed.Press(verb));
        return No(_bed.Press(verb)) is var no && no.Contains("is not down", StringComparison.Ordinal) ? throw new InvalidOperationException(no) : no;
    }

    private void AssertOnlyThisWasTouched(string node)
    {
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(node, Assert.Single(_bed.Effects.Select(e => e.Node).Distinct()));
        Assert.True(_bed.Verdict().Healthy);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
    }
}
