using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Tests.Scylla.Data;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R26: what becomes of repairs while a job takes nodes down.</summary>
public sealed class RepairPolicyTests
{
    private const string Restart = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !up-for-all-peers
                success_window_seconds: 10
                timeout_seconds: 300
        """;

    private static readonly BedOptions Suspending = BedWorkflows.Own(Restart, top: "repairs: suspend");

    [Fact]
    public void R26_the_manager_is_suspended_before_the_first_node_and_resumed_after_the_last_wherever_the_host_dies()
    {
        var clean = Run(null);
        Assert.True(clean > 30, $"only {clean} appends");
        for (var prefix = 3; prefix <= clean; prefix++)
        {
            Run(prefix);
        }
    }

    [Fact]
    public void R26_the_plan_says_so_and_a_cluster_without_a_manager_suspends_nothing()
    {
        using var bed = new EngineBed(options: Suspending);
        var steps = bed.Plan(Own()).Steps;
        Assert.Equal(["s1 before the first node: manager-suspend", "e1 after the last node, whatever happened: manager-resume"],
            new[] { steps[0], steps[^1] }.Select(s => $"{s.Path} {s.Detail}"));
        bed.Kill();
        bed.StartHost(c => c with { Manager = null });
        Assert.Equal("1.1", bed.Plan(Own()).Steps[0].Path);
        var id = bed.Run(Own());
        bed.UntilState(id, JobState.Ended);
        Assert.DoesNotContain(bed.Events.OfType<StepStarted>(), s => s.Key.Path is "s1" or "e1");
    }

    [Fact]
    public void R26_a_running_repair_of_the_managers_is_never_stopped_but_waited_for_before_anything_is_taken_down()
    {
        using var bed = new EngineBed(options: Suspending);
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Start(bed.Weekly()));
        var id = bed.Run(Own());
        bed.Until(() => bed.Events.Any(e => e is NodeHeld));
        Assert.Equal("DONE", bed.Weekly().Status);
        Assert.True(bed.Manager().Tasks.Suspended);
        bed.UntilState(id, JobState.Ended);
        Assert.False(bed.Manager().Tasks.Suspended);
    }

    [Theory]
    [InlineData("suspend")]
    [InlineData("wait")]
    public void R26_a_repair_that_nobody_manages_is_waited_for_as_well_and_the_card_says_so(string policy)
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, top: $"repairs: {policy}"));
        var until = bed.Time.GetUtcNow() + TimeSpan.FromHours(5);
        bed.Ports.Rewrite = (call, body) => call is { Node: "c1", What: "GET /storage_service/active_repair/" or "GET /storage_service/active_repair" } && bed.Time.GetUtcNow() < until ? "[7]" : body;
        var id = bed.Run(Own());
        bed.Pass(TimeSpan.FromHours(4));
        Assert.Empty(bed.Events.OfType<NodeHeld>());
        Assert.Equal("a repair is not stopped but waited for: c1 runs 1 vnode repair", bed.Do(() => bed.Control.ShowAsync(id, default))!.WhyNotNext);
        bed.UntilState(id, JobState.Ended);
        Assert.True(bed.Events.First(e => e is NodeHeld).At >= until);
        Assert.Empty(bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R26_wait_lets_the_manager_work_between_nodes()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, top: "repairs: wait"));
        var id = bed.Run(Own());
        bed.Until(() => bed.Events.Any(e => e is NodeHeld));
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Start(bed.Weekly()));
        bed.Until(() => bed.Events.OfType<NodeHeld>().Count() == 2);

        // It met the node that was down; what matters here is that nobody else is taken down while it runs.
        Assert.False(bed.Weekly().IsActive);
        Assert.Single(bed.Weekly().Runs);
        Assert.False(bed.Manager().Tasks.Suspended);
        bed.UntilState(id, JobState.Ended);
        Assert.DoesNotContain(bed.Events.OfType<StepStarted>(), s => s.Key.Path == "s1");
    }

    [Fact]
    public void R26_allow_does_not_look()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, top: "repairs: allow"));
        bed.Ports.Rewrite = (call, body) => call.What.StartsWith("GET /storage_service/active_repair", StringComparison.Ordinal) ? "[7]" : body;
        bed.UntilState(bed.Run(Own()), JobState.Ended);
        Assert.Equal(4, bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R26_after_a_day_due_repairs_are_let_through_at_a_safe_point_and_it_suspends_again()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, "batches: [1, 3]\nbetween_batches:\n  - task: !probe", top: "repairs: suspend"));
        bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromDays(8), context.Time, ct);
        bed.Kill();
        bed.StartHost(c => c with { Guards = new GuardSettings { LookEvery = TimeSpan.FromMinutes(30) } });
        var id = bed.Run(Own());
        bed.Until(() => bed.Weekly().Runs.Count > 0, TimeSpan.FromDays(10), "the weekly repair");
        Assert.Single(bed.Events.OfType<NodeHeld>());
        Assert.False(bed.Manager().Tasks.Suspended);
        bed.Until(() => bed.Events.OfType<NodeHeld>().Count() == 2);
        Assert.Equal("DONE", bed.Weekly().Status);
        Assert.True(bed.Manager().Tasks.Suspended);
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(["s1", "e1", "s2", "e2"], bed.Events.OfType<StepSucceeded>().Select(s => s.Key.Path).Where(p => p[0] is 's' or 'e'));
        Assert.False(bed.Manager().Tasks.Suspended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R26_after_a_day_on_which_nothing_fell_due_nothing_is_started_and_the_job_goes_on_within_minutes()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, "batches: [1, 3]\nbetween_batches:\n  - task: !probe", top: "repairs: suspend"));
        bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromHours(25), context.Time, ct);
        bed.Kill();
        bed.StartHost(c => c with { Guards = new GuardSettings { LookEvery = TimeSpan.FromMinutes(30) } });
        var id = bed.Run(Own());
        Assert.True(bed.Weekly().Next - bed.Time.GetUtcNow() > TimeSpan.FromHours(27), $"the weekly repair falls due at {bed.Weekly().Next}");
        bed.Until(() => bed.Events.OfType<NodeHeld>().Count() == 2, TimeSpan.FromDays(2));
        var held = bed.Events.OfType<NodeHeld>().Last().At;
        var resumed = bed.Events.OfType<StepSucceeded>().Single(s => s.Key.Path == "e1").At;
        Assert.InRange(held - resumed, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5));
        bed.UntilState(id, JobState.Ended);
        Assert.Empty(bed.Weekly().Runs);
        Assert.Equal(["s1", "e1", "s2", "e2"], bed.Events.OfType<StepSucceeded>().Select(s => s.Key.Path).Where(p => p[0] is 's' or 'e'));
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void R26_an_aborted_job_resumes_what_it_suspended(bool now)
    {
        using var bed = new EngineBed(options: Suspending);
        var id = bed.Run(Own());
        bed.Until(() => bed.Effects.Any(e => e.Kind == "stop"));
        Yes(bed.Press(c => c.AbortAsync(Mara, id, now, default)));
        bed.UntilState(id, JobState.Ended);
        Assert.False(bed.Manager().Tasks.Suspended);
        Assert.DoesNotContain(bed.Manager().Tasks.All, t => t.Name == "scyllabot-suspended");
    }

    [Fact]
    public void R26_a_one_off_task_suspends_nothing_and_waits_for_a_repair_all_the_same()
    {
        using var bed = new EngineBed();
        var until = bed.Time.GetUtcNow() + TimeSpan.FromHours(1);
        bed.Ports.Rewrite = (call, body) => call.What.StartsWith("GET /storage_service/active_repair", StringComparison.Ordinal) && bed.Time.GetUtcNow() < until ? "[7]" : body;
        var plan = Assert.IsType<PlanOutcome.Ready>(bed.Do(() => bed.Control.PlanTaskAsync(Mara, new TaskRequest(
            "r", "scylla-drain", bed.Cluster.Name, "b1", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, "because"), default))).Plan;
        var id = Yes(bed.Do(c => c.StartAsync(Mara, plan, default)));
        Yes(bed.Approve(id));
        bed.UntilState(id, JobState.Ended);
        Assert.True(Assert.Single(bed.Events.OfType<NodeHeld>()).At >= until);
        Assert.DoesNotContain(bed.Events.OfType<StepStarted>(), s => s.Key.Path == "s1");
    }

    private static int Run(int? prefix)
    {
        using var bed = new EngineBed(options: Suspending);
        var plan = bed.Plan(Own());
        bed.Store.DiesAt = prefix;
        _ = bed.TryDo(() => bed.Control.StartAsync(Mara, plan, default), out _);
        var id = bed.Stored(s => s.FindByRequestAsync("request-1", default))!.Value;
        // A host that dies before it answers has died: nobody lets three hours pass with a node of ours down.
        var lives = bed.TryDo(() => bed.Control.DecideAsync(Jon, id, Approvals.Start, approve: true, "", default), out _);
        if (!lives || !bed.TryUntil(() => bed.Job(id).State == JobState.Ended, TimeSpan.FromHours(3)))
        {
            bed.Pass(TimeSpan.FromSeconds(7));
            bed.StartHost();
            bed.Until(() => !bed.Job(id).IsOpen);
        }

        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 1);
        Assert.False(bed.Manager().Tasks.Suspended);
        Assert.DoesNotContain(bed.Manager().Tasks.All, t => t.Name == "scyllabot-suspended");
        Assert.Equal(["s1", "e1"], bed.Events.OfType<StepSucceeded>().Select(s => s.Key.Path).Where(p => p[0] is 's' or 'e'));
        var events = bed.Events.ToList();
        Assert.True(events.FindIndex(e => e is StepSucceeded { Key.Path: "s1" }) < events.FindIndex(e => e is NodeHeld));
        Assert.True(events.FindIndex(e => e is StepStarted { Key.Path: "e1" }) > events.FindLastIndex(e => e is NodeReleased));
        return bed.Store.Appends;
    }
}
