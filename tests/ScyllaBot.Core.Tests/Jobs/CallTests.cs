using System.Text.Json;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R7, R9: who is called when nobody answers, and what happens while nobody can be called.</summary>
public sealed class CallTests : IDisposable
{
    private EngineBed _bed = new() { HasPager = true };

    [Fact]
    public void R7_a_halt_with_a_node_down_by_us_calls_the_on_call_and_the_pager_after_three_minutes_then_every_half_hour_until_acknowledged()
    {
        var id = HaltWithNodeDown();
        var halt = _bed.Job(id).Halt!.At;
        _bed.Pass(TimeSpan.FromMinutes(70));
        Assert.Equal([3, 33, 63], Calls().Select(c => (int)(c.At - halt).TotalMinutes));
        Assert.Equal([1, 2, 3], Calls().Select(c => c.Round));
        Assert.Single(Rows(id, OutboxItems.Halt));
        var call = NoticeJson.Read(Rows(id, OutboxItems.Call)[0].Payload);
        Assert.Equal(DebtNotice.OnCall, Assert.Single(call.Mentions.Roles));
        Assert.Contains(call.Choices, c => c.Label == "Acknowledge");
        Assert.Contains(call.Choices, c => c.Label == "Bring up b1");
        Assert.Contains(call.Parts, p => p.Name == "Down by us" && p.Text.Contains("b1", StringComparison.Ordinal));
        Assert.Equal(3, Rows(id, OutboxItems.Pager).Length);
        using var page = JsonDocument.Parse(Rows(id, OutboxItems.Pager)[0].Payload);
        Assert.Equal(("halt", "mini", id.Value, "b1"), (page.RootElement.GetProperty("kind").GetString(), page.RootElement.GetProperty("cluster").GetString(),
            page.RootElement.GetProperty("job").GetString(), page.RootElement.GetProperty("down_by_us")[0].GetString()));

        Yes(_bed.Press(c => c.AcknowledgeAsync(Reader, id, default)));
        _bed.Pass(TimeSpan.FromHours(1));
        Assert.Equal(3, Calls().Length);
    }

    [Fact]
    public void R7_a_halt_with_nothing_down_waits_ten_minutes_and_a_restart_rings_nobody_twice()
    {
        Use(BedWorkflows.OfCluster("- task: !probe"));
        _bed.Ports.ProbeAsync = (_, _, _) => throw new InvalidOperationException("a bug");
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        var halt = _bed.Job(id).Halt!.At;
        _bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Empty(Calls());
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(halt + TimeSpan.FromMinutes(10), Assert.Single(Calls()).At);
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Single(Calls());
        _bed.Pass(TimeSpan.FromMinutes(15));
        Assert.Equal(halt + TimeSpan.FromMinutes(40), Calls()[1].At);

        // The next halt begins anew.
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.Until(() => _bed.Events.OfType<Halted>().Count() == 2);
        _bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(2, Calls().Length);
    }

    [Fact]
    public void R7_a_cluster_may_say_other_numbers()
    {
        _bed.StartHost(c => c with { Calls = new ClusterCalls(null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), null, null) });
        var id = HaltWithNodeDown();
        var halt = _bed.Job(id).Halt!.At;
        _bed.Pass(TimeSpan.FromMinutes(7));
        Assert.Equal([1, 6], Calls().Select(c => (int)(c.At - halt).TotalMinutes));
    }

    [Fact]
    public void R7_a_node_down_by_us_past_half_of_the_hint_window_raises_its_own_alarm_and_past_all_of_it_owes_a_repair()
    {
        var id = HaltWithNodeDown();
        Yes(_bed.Press(c => c.AcknowledgeAsync(Reader, id, default)));
        var since = _bed.Job(id).Held["b1"].Since;
        _bed.Pass(since + TimeSpan.FromMinutes(89) - _bed.Time.GetUtcNow());
        Assert.Empty(_bed.Events.OfType<NodeDownLong>());
        _bed.Pass(TimeSpan.FromMinutes(3));
        var half = Assert.Single(_bed.Events.OfType<NodeDownLong>());
        Assert.Equal(("b1", TimeSpan.FromHours(3), false), (half.Node, half.Window, half.IsOver));
        Assert.Single(Rows(id, OutboxItems.Down));
        Assert.DoesNotContain(_bed.Job(id).Debts.Values, d => d.Kind == DebtKind.Repair);

        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(since + TimeSpan.FromMinutes(185) - _bed.Time.GetUtcNow());
        Assert.Equal([false, true], _bed.Events.OfType<NodeDownLong>().Select(n => n.IsOver));
        var debt = Assert.Single(_bed.Job(id).Debts.Values, d => d.Kind == DebtKind.Repair);
        Assert.Equal("b1", debt.Subject);
        Assert.Contains("longer than hints are kept (3 h)", debt.What, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromHours(10));
        Assert.Equal(2, _bed.Events.OfType<NodeDownLong>().Count());
    }

    [Fact]
    public void R7_a_node_that_serves_again_and_only_waits_for_its_health_raises_no_alarm()
    {
        Use(BedWorkflows.Own("""
            - task: !scylla-drain
            - task: !systemd-stop-scylla-server
            - task: !systemd-start-service
                service: scylla-server
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
                    success_window_seconds: 10
                    timeout_seconds: 600
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
                    timeout_seconds: 36000
            - task: !wait-for-conditions
                conditions:
                  - condition: !up-for-all-peers
                    timeout_seconds: 600
            """));
        _bed.Ports.WhyNot = (_, _) => "not yet";
        var id = _bed.Run(Own("b1"));
        _bed.Pass(TimeSpan.FromHours(5));
        Assert.True(_bed.Job(id).Held.ContainsKey("b1"));
        Assert.Empty(_bed.Events.OfType<NodeDownLong>());
    }

    [Fact]
    public void R7_waiting_longer_keeps_the_failures_and_a_retry_forgets_them()
    {
        foreach (var extend in new[] { true, false })
        {
            Use(BedWorkflows.OfCluster("- task: !probe\n  retries: 1\n  retry_delay_seconds: 1\n  timeout_seconds: 600"));
            _bed.Ports.ProbeAsync = (_, _, _) => throw new Core.Tasks.RecoverableException("later");
            var id = _bed.Start(Own());
            _bed.UntilState(id, JobState.Halted);
            Assert.Equal(2, _bed.Events.OfType<StepFailed>().Count());
            var deadline = _bed.Job(id).Step(new StepKey("1", null))!.Deadline;
            _bed.Pass(TimeSpan.FromMinutes(1));
            Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend, default)));
            _bed.Until(() => _bed.Events.OfType<Halted>().Count() == 2);

            // Waiting longer is one look more under a later deadline; a retry has its attempts back.
            Assert.Equal(extend ? 3 : 4, _bed.Events.OfType<StepFailed>().Count());
            Assert.True(_bed.Job(id).Step(new StepKey("1", null))!.Deadline > deadline);
        }
    }

    [Fact]
    public void R9_in_production_a_job_holds_at_a_safe_point_while_nobody_can_be_reached_and_goes_on_when_chat_is_back()
    {
        Use(new BedOptions { Environment = ClusterEnvironment.Production });
        var id = _bed.Run();
        _bed.Until(() => _bed.Job(id).Held.Count > 0);
        _bed.ChatLostFor = TimeSpan.FromMinutes(14);
        _bed.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        _bed.ChatLostFor = TimeSpan.FromMinutes(15);
        _bed.UntilState(id, JobState.Holding);
        _bed.Pass(TimeSpan.FromHours(1));
        Assert.Equal(JobState.Holding, _bed.Job(id).State);
        Assert.True(_bed.Job(id).IsAtSafePoint);
        Assert.Contains("(R9)", _bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _bed.ChatLostFor = null;
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R9_a_job_that_takes_nobody_down_but_changes_the_ring_holds_as_well()
    {
        Use(BedWorkflows.Own("- task: !decommission\n  timeout_seconds: 86400") with
        {
            Environment = ClusterEnvironment.Production, Enables = ["decommission"], Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 2), ("d", 2)),
        });
        var plan = _bed.Plan(Own("b1", "c1"));
        var id = Yes(_bed.Do(c => c.StartAsync(Mara, plan, default)));
        Yes(_bed.Do(c => c.DecideAsync(Jon, id, "start", approve: true, BedClusters.Name, default)));
        Yes(_bed.Do(c => c.DecideAsync(Ada, id, "start", approve: true, BedClusters.Name, default)));
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "decommission"));
        _bed.ChatLostFor = TimeSpan.FromMinutes(15);
        _bed.UntilState(id, JobState.Holding);
        _bed.Pass(TimeSpan.FromHours(2));
        Assert.Single(_bed.Effects, e => e.Kind == "decommission");
        Assert.Contains("(R9)", _bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _bed.ChatLostFor = null;
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(2, _bed.Effects.Count(e => e.Kind == "decommission"));
    }

    [Fact]
    public void R9_elsewhere_a_job_goes_on_without_chat_and_its_halt_goes_to_the_pager_at_once()
    {
        _bed.ChatLostFor = TimeSpan.FromHours(2);
        var id = HaltWithNodeDown();
        Assert.Empty(_bed.Events.OfType<JobHeld>());
        Assert.Single(Rows(id, OutboxItems.Pager));
        Assert.Empty(Calls());
    }

    public void Dispose() => _bed.Dispose();

    private JobId HaltWithNodeDown()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 99);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Assert.True(_bed.Job(id).Held.ContainsKey("b1"));
        return id;
    }

    private HaltCalled[] Calls() => [.. _bed.Events.OfType<HaltCalled>()];

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options) { HasPager = true };
    }

    private OutboxRow[] Rows(JobId id, string kind) => [.. _bed.Stored(s => s.OutboxAsync(id, default)).Where(r => r.Kind == kind)];
}
