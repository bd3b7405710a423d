using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R18: background work yields between units, leases are taken away, the fleet has a cap and groups exclude each other.</summary>
public sealed class LeaseTests : IDisposable
{
    private const string Background = """
        name: Look after the data
        cluster_tasks:
          - task: !node-workflow
              name: Nodes
              node_tasks:
                - task: !probe
                    does: unit
        always:
          - task: !probe
              does: tidy
        """;

    private readonly List<(string What, DateTimeOffset At)> _units = [];

    private EngineBed _bed = new();

    public LeaseTests() => Use(new BedOptions { Workflows = [("restart.yaml", BedWorkflows.Restart), ("background.yaml", Background)] });

    [Fact]
    public void R18_background_work_yields_between_units_and_goes_on_by_itself()
    {
        var (background, restart) = YieldedTo();
        Assert.Equal([1L, 2L, 3L], _bed.Events.OfType<LeaseTaken>().Select(l => l.Epoch));
        Assert.Equal([LeaseClass.Background, LeaseClass.Disruptive, LeaseClass.Background], _bed.Events.OfType<LeaseTaken>().Select(l => l.Class!.Value));
        Assert.Equal((PauseCause.Yield, restart.Value), (_bed.Events.OfType<PauseAsked>().Single().Cause, _bed.Events.OfType<PauseAsked>().Single().For));
        Assert.Equal(Person.Bot, _bed.Events.OfType<Resumed>().Single().By);
        _bed.UntilState(background, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(background).End!.Outcome);
        Assert.Equal(4, _units.Count(u => u.What == "unit"));

        // No unit began while the other one had the cluster.
        var taken = _bed.Events.OfType<LeaseTaken>().ToArray();
        Assert.DoesNotContain(_units, u => u.At >= taken[1].At && u.At < taken[2].At);
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R18_who_waits_is_told_and_shown_and_the_one_that_yields_too()
    {
        var background = StartBackground();
        _bed.Until(() => _units.Count == 1);
        var plan = _bed.Plan(Request("request-2"));
        Assert.StartsWith($"Once it may begin it waits until job {background} (Look after the data) has finished its present unit", Assert.Single(plan.Waits), StringComparison.Ordinal);
        Assert.Empty(plan.Concerns);
        var said = Assert.IsType<Outcome.Done>(_bed.Press(c => c.StartAsync(Mara, plan, default)));
        Assert.Contains($"until job {background} (Look after the data)", said.Message, StringComparison.Ordinal);
        Assert.Contains("Waiting for approval", Title(said.Job), StringComparison.Ordinal);
        Yes(_bed.Approve(said.Job));
        Assert.Contains("Waiting for the cluster", Title(said.Job), StringComparison.Ordinal);
        _bed.Until(() => _bed.Job(background).State == JobState.Pausing);
        Assert.Contains("Yielding", Title(background), StringComparison.Ordinal);
        var third = _bed.Plan(Request("request-3"));
        Assert.Contains("waits for it already", No(_bed.Press(c => c.StartAsync(Mara, third, default))), StringComparison.Ordinal);
        _bed.UntilState(background, JobState.Paused);
        Assert.Contains($"given the cluster to job {said.Job}", No(_bed.Press(c => c.ResumeAsync(Mara, background, default))), StringComparison.Ordinal);
        _bed.UntilState(said.Job, JobState.Ended);
        _bed.UntilState(background, JobState.Ended);
    }

    [Fact]
    public void R18_a_second_background_job_does_not_wait()
    {
        var first = StartBackground();
        var plan = _bed.Plan(Request("request-2", workflow: "background"));
        Assert.Equal(LeaseClass.Background, plan.Class);
        Assert.Contains($"{first}", No(_bed.Press(c => c.StartAsync(Mara, plan, default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R18_whoever_waits_may_be_refused_or_aborted_and_the_background_job_goes_on()
    {
        var background = StartBackground();
        _bed.Until(() => _units.Count == 1);
        var waiting = _bed.Start(Request("request-2"));
        Yes(_bed.Press(c => c.DecideAsync(Jon, waiting, Approvals.Start, approve: false, "no", default)));
        _bed.UntilState(waiting, JobState.Ended);
        _bed.UntilState(background, JobState.Ended);
        Assert.Equal((JobOutcome.Refused, JobOutcome.Succeeded), (_bed.Job(waiting).End!.Outcome, _bed.Job(background).End!.Outcome));
        Assert.Equal(5, _units.Count);
    }

    [Fact]
    public void R18_an_aborted_job_that_had_yielded_takes_the_lease_for_its_last_steps()
    {
        var background = StartBackground();
        _bed.Until(() => _units.Count == 1);
        var restart = _bed.Start(Request("request-2"));
        Yes(_bed.Approve(restart));
        _bed.Until(() => _bed.Job(restart).State == JobState.Running);
        Yes(_bed.Press(c => c.AbortAsync(Mara, background, now: false, default)));
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(_units, u => u.What == "tidy");
        _bed.UntilState(background, JobState.Ended);
        Assert.Equal(JobState.Ended, _bed.Job(restart).State);
        Assert.Single(_units, u => u.What == "tidy");
    }

    [Fact]
    public void R18_a_crash_at_any_append_of_a_yield_loses_no_unit_and_repeats_none()
    {
        for (var dies = 1; dies <= 14; dies++)
        {
            Use(new BedOptions { Workflows = [("restart.yaml", BedWorkflows.Restart), ("background.yaml", Background)] }, dies);
            var background = StartBackground();
            _bed.Until(() => _units.Count == 1);
            var plan = _bed.Plan(Request("request-2"));
            _bed.Store.DiesAt = _bed.Store.Appends + dies;
            _bed.TryDo(() => _bed.Control.StartAsync(Mara, plan, default), out _);
            _bed.TryUntil(() => _bed.Store.HasDied, TimeSpan.FromMinutes(20));
            _bed.Kill();
            _bed.StartHost();
            if (_bed.Stored(s => s.FindByRequestAsync("request-2", default)) is { } restart)
            {
                if (_bed.Job(restart).Approvals["start"].IsOpen)
                {
                    Yes(_bed.Approve(restart));
                }

                _bed.UntilState(restart, JobState.Ended);
                Assert.Equal(JobOutcome.Succeeded, _bed.Job(restart).End!.Outcome);
            }

            _bed.UntilState(background, JobState.Ended);
            Assert.Equal(JobOutcome.Succeeded, _bed.Job(background).End!.Outcome);
            Assert.True(_bed.Verdict().Healthy);
        }
    }

    [Fact]
    public void R18_an_unlocked_job_does_nothing_more_and_may_only_be_ended()
    {
        var id = RunUntilStopped("b1");
        Assert.Contains("approver", NotYou(_bed.Press(c => c.UnlockAsync(Operator, id, "x", default))), StringComparison.Ordinal);
        Assert.Contains("your job", NotYou(_bed.Press(c => c.UnlockAsync(Mara, id, "x", default))), StringComparison.Ordinal);
        Assert.Contains("reason", NotNow(_bed.Press(c => c.UnlockAsync(Jon, id, "", default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.UnlockAsync(Jon, id, "its host is gone", default)));
        var effects = _bed.Effects.Count();
        _bed.Pass(TimeSpan.FromMinutes(20));

        Assert.Equal(effects, _bed.Effects.Count());
        Assert.Equal(new Lease(BedClusters.Name, 2, null, _bed.Events.OfType<Unlocked>().Single().At), _bed.Stored(s => s.LeaseAsync(BedClusters.Name, default)));
        Assert.Contains("Unlocked", Title(id), StringComparison.Ordinal);
        Assert.Contains("taken away", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Assert.Contains("halted job", No(_bed.Press(c => c.RetryAsync(Mara, id, false, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Empty(_bed.Complaints);
        Assert.Equal(effects, _bed.Effects.Count());
    }

    [Fact]
    public void R10_whoever_starts_a_node_stops_every_timer_of_it_also_that_of_a_job_that_was_unlocked_and_ended()
    {
        var id = RunUntilStopped("b1");
        var timer = Assert.Single(_bed.Sim("b1").Machine.Timers.Waiting);
        Assert.Equal($"scp-rescue-{id}.timer", timer);
        Yes(_bed.Press(c => c.UnlockAsync(Jon, id, "its host is gone", default)));
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));

        var start = Yes(_bed.Do(c => c.StartAsync(Operator, Task("start-it", "systemd-start-service", "b1", ("service", "scylla-server")), default)));
        _bed.UntilState(start, JobState.Ended);
        Assert.Empty(_bed.Sim("b1").Machine.Timers.Waiting);
        Assert.DoesNotContain(_bed.Stored(s => s.DebtsAsync(new DebtFilter(BedClusters.Name), default)), d => d.Kind == DebtKind.RescueTimer);
    }

    [Theory]
    [InlineData("1800")]
    [InlineData("0")]
    public void R10_a_stop_leaves_no_timer_of_an_earlier_job(string after)
    {
        var id = RunUntilStopped("b1");
        Yes(_bed.Press(c => c.UnlockAsync(Jon, id, "its host is gone", default)));
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        _ = _bed.World.Agenda.Run(() => _bed.Sim("b1").Unit.StartAsync(Cause.Nobody, "start"));
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal([$"scp-rescue-{id}.timer"], _bed.Sim("b1").Machine.Timers.Waiting);

        var plan = Task("stop-it", "systemd-stop-scylla-server", "b1", ("restart_after_seconds", after));
        var stop = Yes(_bed.Do(c => c.StartAsync(Operator, plan, default)));
        Yes(_bed.Approve(stop));
        _bed.UntilState(stop, JobState.Ended);
        Assert.Equal(after == "0" ? [] : [$"scp-rescue-{stop}.timer"], _bed.Sim("b1").Machine.Timers.Waiting);
        Assert.Equal(after == "0" ? 0 : 1, _bed.Stored(s => s.DebtsAsync(new DebtFilter(BedClusters.Name), default)).Count(d => d.Kind == DebtKind.RescueTimer));
    }

    [Fact]
    public void R18_an_unlocked_job_is_planned_anew_under_a_lease_of_its_own()
    {
        var id = RunUntilStopped("b1");
        Yes(_bed.Press(c => c.UnlockAsync(Jon, id, "x", default)));
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromMinutes(1));
        Yes(_bed.Press(c => c.HandBackAsync(Jon, id, ImmutableSortedDictionary<string, string>.Empty, HandbackChoice.Redo, default)));
        Assert.Equal(3, _bed.Job(id).LeaseEpoch);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R18_a_host_that_does_not_know_of_the_unlock_is_fenced_at_its_next_append()
    {
        var id = RunUntilStopped("b1");
        var old = _bed.Engine;
        _bed.StartSecondHost();
        _bed.TryDo(() => _bed.Control.UnlockAsync(Jon, id, "x", default), out var said);
        Assert.IsType<Outcome.Done>(said);
        var effects = _bed.Effects.Count();
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.NotNull(old.WhyStuck(id));
        Assert.InRange(_bed.Effects.Count() - effects, 0, 1);
    }

    [Fact]
    public void R18_what_brings_a_node_up_runs_under_the_holders_lease_and_in_its_record()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = RunUntilStopped("b1");
        _bed.UntilState(id, JobState.Halted);
        var start = Task("request-2", "systemd-start-service", "b1", ("service", "scylla-server"));
        Assert.Equal(id, Yes(_bed.Press(c => c.StartAsync(Operator, start, default))));
        _bed.Until(() => _bed.Job(id).Unders.Values.Any(u => !u.IsOpen));
        Assert.Equal(("systemd-start-service", "b1", "otto"), (Under(id).Asked.Task, Under(id).Asked.Node, Under(id).Asked.By.Name));
        Assert.Null(Under(id).End!.Why);
        Assert.Equal(id, _bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
        Assert.Single(_bed.Events.OfType<Created>());
        _bed.Until(() => _bed.Sim("b1").Serves);
        Yes(_bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R18_other_tasks_run_under_a_job_only_while_it_stands_still()
    {
        var id = RunUntilStopped("b1");
        var probe = Task("request-2", "probe", "c1", ("does", "look"));
        probe = probe with { Request = probe.Request with { Under = id } };
        Assert.Contains("only while it is halted, paused or taken over", No(_bed.Press(c => c.StartAsync(Operator, probe, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Assert.StartsWith("You may not", NotYou(_bed.Press(c => c.StartAsync(Reader, probe, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.StartAsync(Operator, probe, default)));
        _bed.Until(() => _bed.Job(id).Unders.Values.Any(u => !u.IsOpen));
        Assert.Contains(_units, u => u.What == "look");
        Assert.Contains("already runs it", No(_bed.Press(c => c.StartAsync(Operator, probe, default))), StringComparison.Ordinal);
        Assert.Single(_bed.Job(id).Unders);

        var drain = Task("request-3", "scylla-drain", "c1");
        Assert.Contains("approval of its own", No(_bed.Press(c => c.StartAsync(Operator, drain with { Request = drain.Request with { Under = id } }, default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R18_a_task_under_a_job_survives_the_hosts_death_and_keeps_its_lease()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = RunUntilStopped("b1");
        _bed.UntilState(id, JobState.Halted);
        var start = Task("request-2", "systemd-start-service", "b1", ("service", "scylla-server"));
        _bed.Store.DiesAt = _bed.Store.Appends + 2;
        _bed.TryDo(() => _bed.Control.StartAsync(Operator, start, default), out _);
        _bed.TryUntil(() => _bed.Store.HasDied, TimeSpan.FromMinutes(5));
        _bed.Kill();
        _bed.StartHost();
        _bed.Until(() => _bed.Job(id).Unders.Values.Any(u => !u.IsOpen));
        Assert.Null(Under(id).End!.Why);
        _bed.Until(() => _bed.Sim("b1").Serves);
    }

    [Fact]
    public void R18_no_more_clusters_are_disrupted_than_the_fleets_cap()
    {
        Use(new BedOptions { Beside = d => [BedClusters.Source(d)], MaxDisruptiveJobs = 1 });
        var first = _bed.Run();
        var plan = _bed.Plan(Request("request-2") with { Cluster = BedClusters.SourceName });
        Assert.StartsWith("A start is refused: 1 of at most 1 clusters are being disrupted: mini by job", plan.Concerns[0], StringComparison.Ordinal);
        Assert.Contains($"mini by job {first}", No(_bed.Press(c => c.StartAsync(Mara, plan, default))), StringComparison.Ordinal);
        _bed.UntilState(first, JobState.Ended);
        Yes(_bed.Press(c => c.StartAsync(Mara, _bed.Plan(Request("request-2") with { Cluster = BedClusters.SourceName }), default)));
    }

    [Fact]
    public void R18_clusters_of_one_exclusive_group_are_never_disrupted_together()
    {
        Use(new BedOptions { Beside = d => [BedClusters.Source(d)], Group = "chat" });
        var first = _bed.Run();
        var plan = _bed.Plan(Request("request-2") with { Cluster = BedClusters.SourceName });
        var no = No(_bed.Press(c => c.StartAsync(Mara, plan, default)));
        Assert.StartsWith($"A start is refused: Job {first} is disrupting mini", plan.Concerns[0], StringComparison.Ordinal);
        Assert.Contains($"Job {first} is disrupting mini", no, StringComparison.Ordinal);
        Assert.Contains("exclusive group chat together with origin", no, StringComparison.Ordinal);
    }

    [Fact]
    public void R18_a_node_is_not_started_in_the_middle_of_the_holders_step_on_it()
    {
        Use(BedWorkflows.Own("""
            - task: !scylla-drain
            - task: !systemd-stop-scylla-server
            - task: !take-down
                does: install
            - task: !systemd-start-service
                service: scylla-server
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
            """));
        var id = _bed.Run(Own("b1"));
        _bed.Until(() => _units.Any(u => u.What == "install"));
        var start = Task("request-2", "systemd-start-service", "b1", ("service", "scylla-server"));
        Assert.Contains("is at work on b1", No(_bed.Press(c => c.StartAsync(Operator, start, default))), StringComparison.Ordinal);
        Assert.Empty(_bed.Job(id).Unders);
        Yes(_bed.Press(c => c.StartAsync(Operator, Task("request-3", "systemd-start-service", "c1", ("service", "scylla-server")), default)));
        _bed.Until(() => _bed.Job(id).Steps.Values.Any(s => s is { Key.Path: "1.5", Status: StepStatus.Started }));
        Yes(_bed.Press(c => c.StartAsync(Operator, Task("request-4", "systemd-start-service", "b1", ("service", "scylla-server")), default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R18_no_press_ends_an_unlock_and_what_stands_there_is_named_at_handback()
    {
        var id = RunUntilStopped("b1");
        Yes(_bed.Press(c => c.UnlockAsync(Jon, id, "x", default)));
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Contains("Changed by hand: b1, b2, c1, d1", No(_bed.Press(c =>
            c.HandBackAsync(Jon, id, ImmutableSortedDictionary<string, string>.Empty, null, default))), StringComparison.Ordinal);
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", "11111111-2222-4333-8444-555555555555", StringComparison.Ordinal) : body;
        _bed.Pass(TimeSpan.FromSeconds(10));
        Assert.Contains("taken away", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        No(_bed.Press(c => c.SkipAsync(Jon, id, "c1", default)));
        Assert.Equal((JobState.Paused, true), (_bed.Job(id).State, _bed.Job(id).IsUnlocked));
        Assert.Empty(_bed.Events.OfType<PlanDrifted>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void R18_a_step_that_ends_just_after_an_unlock_says_how_it_ended(bool well)
    {
        Use(BedWorkflows.Own("- task: !probe\n    does: unit"));
        _bed.Ports.ProbeAsync = async (what, context, _) =>
        {
            _units.Add((what, _bed.Time.GetUtcNow()));
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromMinutes(2), context.Time, CancellationToken.None);
            if (!well)
            {
                throw new InvalidOperationException("no room for it");
            }
        };
        var id = _bed.Start(Own("b1"));
        _bed.Until(() => _units.Count == 1);
        Yes(_bed.Press(c => c.UnlockAsync(Jon, id, "x", default)));
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal((JobState.Paused, true), (_bed.Job(id).State, _bed.Job(id).IsUnlocked));
        Assert.Equal(well ? StepStatus.Succeeded : StepStatus.Failed, _bed.Job(id).Steps.Values.Single(s => s.Key.Node == "b1").Status);
        Assert.Empty(_bed.Complaints);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
    }

    public void Dispose() => _bed.Dispose();

    private (JobId Background, JobId Restart) YieldedTo()
    {
        var background = StartBackground();
        _bed.Until(() => _units.Count == 1);
        var restart = _bed.Start(Request("request-2"));
        Yes(_bed.Approve(restart));
        _bed.UntilState(restart, JobState.Ended);
        _bed.Until(() => _bed.Job(background).State == JobState.Running);
        return (background, restart);
    }

    private JobId StartBackground() => _bed.Start(Request(workflow: "background"));

    private JobId RunUntilStopped(string node)
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop" && e.Node == node));
        return id;
    }

    private Plan Task(string request, string task, string node, params (string Name, string Value)[] inputs) => Assert.IsType<PlanOutcome.Ready>(_bed.Do(() =>
        _bed.Control.PlanTaskAsync(Operator, new TaskRequest(
            request, task, BedClusters.Name, node, inputs.ToImmutableSortedDictionary(i => i.Name, i => i.Value, StringComparer.Ordinal), "why not"), default))).Plan;

    private UnderState Under(JobId id) => _bed.Job(id).Unders.Values.Single();

    private string Title(JobId id) => JobCard.Render(_bed.Do(() => _bed.Control.ShowAsync(id, default))!, _bed.Time.GetUtcNow(), sandbox: false).Title;

    private void Use(BedOptions options, int seed = 1)
    {
        _bed.Dispose();
        _units.Clear();
        _bed = new EngineBed(seed, options);
        _bed.Ports.ProbeAsync = async (what, context, ct) =>
        {
            _units.Add((what, _bed.Time.GetUtcNow()));
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromMinutes(2), context.Time, ct);
        };
    }
}
