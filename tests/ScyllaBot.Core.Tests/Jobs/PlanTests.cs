using System.Reflection;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R15: what a plan says.</summary>
public sealed class PlanTests : IDisposable
{
    private EngineBed _bed = new();

    public static TheoryData<string> Destructive =>
        [.. TaskCatalog.Core.Tasks.Where(t => t.Tag.Risk == Risk.Destructive || t.Tag.Direction == Direction.TakesDown).Select(t => t.Tag.Name)];

    [Theory]
    [MemberData(nameof(Destructive))]
    public void What_takes_down_or_destroys_says_how_it_is_undone_or_that_there_is_no_way_back(string tag)
    {
        var task = TaskCatalog.Core.Tasks.Single(t => t.Tag.Name == tag);
        var said = UndoAttribute.Of(task.Type) ?? PointOfNoReturnAttribute.Of(task.Type)?.Lost;
        Assert.InRange(said?.Length ?? 0, 10, 120);
        Assert.True(task.Tag.Risk != Risk.Destructive || PointOfNoReturnAttribute.Of(task.Type) is not null);
        Assert.False(task.Type.GetCustomAttribute<UndoAttribute>() is not null && PointOfNoReturnAttribute.Of(task.Type) is not null);
    }

    [Fact]
    public void R17_what_changes_who_is_in_the_ring_of_production_needs_two() => Assert.Equal(
        ["decommission", "prepare-replace", "remove-node"],
        TaskCatalog.Core.Tasks.Where(t => PointOfNoReturnAttribute.Of(t.Type) is { NeedsTwo: true }).Select(t => t.Tag.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void R15_a_plan_says_what_would_be_waited_for_if_it_began_now()
    {
        Assert.Empty(_bed.Plan().Waits);
        _bed.World.Agenda.Run(() => _bed.Sim("c1").Kill(Sandbox.Clusters.Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(1));
        var waits = _bed.Plan().Waits;
        Assert.Contains(waits, w => w.StartsWith("Drain Scylla node on b1 would wait: ", StringComparison.Ordinal) && w.Contains("c1", StringComparison.Ordinal));
        Assert.Equal(waits.Distinct(StringComparer.Ordinal), waits);
        Assert.DoesNotContain(_bed.Effects, e => e.Step is { Length: > 0 });
    }

    [Fact]
    public void A_plan_says_lengths_of_time_as_people_do_and_no_window_of_nothing()
    {
        Assert.Equal("up-for-all-peers for 10 s, at most 5 min", _bed.Plan().Steps[^1].Detail);
        Use(BedWorkflows.Own("- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers\n        timeout_seconds: 14400\n      - condition: !is-up-normal\n        timeout_seconds: 5400"));
        Assert.Equal("up-for-all-peers, at most 4 h, is-up-normal, at most 1 h 30 min", _bed.Plan(Own("c1")).Steps[^1].Detail);
    }

    [Fact]
    public void R15_a_plan_that_can_not_look_at_everything_says_what_it_has_not_looked_at_and_why()
    {
        Use(new BedOptions { Plan = d => BedClusters.Plan(d, ("b", 14), ("c", 14), ("d", 14)) });
        var left = Assert.Single(_bed.Plan().Waits);
        Assert.InRange(int.Parse(left.Split("Drain Scylla node (")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), 1, 42);
        Assert.Matches("^Not known for .*Drain Scylla node \\([0-9]+ nodes\\).*: a plan looks at 40 preconditions at most; a run looks at each before its step\\.$", left);
    }

    [Fact]
    public void R15_a_plan_says_how_each_step_is_undone_and_where_there_is_no_way_back()
    {
        Use(BedWorkflows.Own("- task: !scylla-drain\n- task: !systemd-start-service\n    service: scylla-server\n- task: !wait-for-conditions\n    conditions:\n      - condition: !up-for-all-peers\n- task: !decommission\n  timeout_seconds: 86400"));
        var steps = _bed.Plan(Own("c1")).Steps;
        Assert.Equal(["a new process: start scylla-server (restore does it)", "stop the unit again", "", "the node is out of the ring; it comes back only by a wipe and a join"], steps.Select(s => s.Undo));
        Assert.Equal([false, false, false, true], steps.Select(s => s.IsPointOfNoReturn));
    }

    [Fact]
    public void Where_nobody_answers_it_is_asked_once_more_before_a_plan_is_refused_for_it()
    {
        var back = _bed.Time.GetUtcNow() + TimeSpan.FromSeconds(2);
        _bed.Ports.Fate = call => call.IsHttp && _bed.Time.GetUtcNow() < back ? Loss.TimesOut : Loss.None;
        Assert.NotEmpty(_bed.Plan().Waves);

        _bed.Pass(TimeSpan.FromMinutes(1));
        _bed.Ports.Fate = call => call.IsHttp ? Loss.TimesOut : Loss.None;
        Assert.Contains("no node answered", Assert.Throws<InvalidOperationException>(() => _bed.Plan(Request("request-2"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_spells_the_inputs_of_a_step_as_its_workflow_does()
    {
        Use(BedWorkflows.Own("- task: !rebuild\n    source_datacenter: east\n  timeout_seconds: 86400"));
        Assert.Equal("rebuild source_datacenter=east", _bed.Plan(Own("c1")).Steps[0].Detail);
    }

    [Fact]
    public void R15_a_plan_says_who_is_asked_what_and_when()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
              name: Look
              approval:
                message: Fine so far?
                count: 2
            """, after: "- task: !ask\n    text: Which?\n  name: Ticket") with { Approvals = new ApprovalPolicy() });
        Assert.Equal(
            ["1.1 Look: 2 approvals, on each of 2 nodes: Fine so far?", "2 Ticket: a question is asked and waited for"],
            _bed.Plan(Own("b1", "c1")).Approvals.ToArray());
        Use(new BedOptions());
        Assert.Equal("1 approval before the start, not by the requester", Assert.Single(_bed.Plan().Approvals));
    }

    [Fact]
    public void R16_gates_between_batches_and_before_the_last_node_stand_in_the_plan_and_may_be_approved_ahead()
    {
        Use(BedWorkflows.Own("- task: !probe", more: """
            batches: [1]
            between_batches:
              - task: !probe
                name: Look
                approval:
                  message: Well?
            before_last_node:
              - task: !ask
                  text: Sure?
                name: Point of no return
            """));
        var plan = _bed.Plan(Own("b1", "c1", "d1"));
        Assert.Equal(
            ["1.b.1 Look: 1 approval: Well?", "1.l.1 Point of no return: a question is asked and waited for, before the last node"], plan.Approvals.ToArray());
        var id = _bed.Start(Own("b1", "c1", "d1"));
        _bed.Until(() => _bed.Job(id).Approvals.Count == 1);
        Yes(_bed.Approve(id, "1.b.1"));
        _bed.Until(() => _bed.Job(id).Questions.Count == 1);
        Assert.Single(_bed.Events.OfType<ApprovalAsked>());
        Yes(_bed.Press(c => c.AnswerAsync(Mara, id, null, "yes", default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R15_a_plan_says_how_long_it_took_earlier()
    {
        Assert.Equal("no earlier run", _bed.Plan().Expected);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Ended);
        var took = _bed.Job(id).End!.At - _bed.Events.OfType<Began>().Single().At;
        var expected = _bed.Plan(Request("request-2")).Expected;
        Assert.EndsWith(", by 1 earlier run", expected, StringComparison.Ordinal);
        var words = expected.Split(' ');
        Assert.Equal("about", words[0]);
        Assert.InRange(Length(words[1..]), took * 0.5, took * 1.5);
    }

    [Fact]
    public void The_median_of_earlier_runs_counts_and_waves_take_turns()
    {
        Use(BedWorkflows.Own("- task: !probe", more: "concurrency_limit: 2", after: "- task: !probe"));
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(
            context is Core.Clusters.NodeContext { Node.Name: "d1" } ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(10), context.Time, ct);
        _bed.UntilState(_bed.Start(Own()), JobState.Ended);
        Assert.Equal("about 40 min, 10 min a node, by 1 earlier run", _bed.Plan(Request("request-2", "own")).Expected);
        Assert.Equal("about 50 min, 10 min a node, by 1 earlier run", _bed.Plan(Request("request-2", "own") with { Limit = 1 }).Expected);
    }

    [Fact]
    public void R15_a_plan_for_the_whole_ring_counts_the_whole_ring()
    {
        Use(BedWorkflows.Own("- task: !probe", more: "nodes: ring"));
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromMinutes(10), context.Time, ct);
        _bed.UntilState(_bed.Start(Own("b1")), JobState.Ended);
        Assert.Equal("about 40 min, 10 min a node, by 1 earlier run", _bed.Plan(Request("request-2", "own", new Target.Named(["b1"]))).Expected);
    }

    [Fact]
    public void R15_a_plan_looks_at_every_node_it_goes_over_and_not_at_the_first_of_each_zone_only()
    {
        Use(BedWorkflows.Own("- task: !take-down"));
        _bed.Ports.WhyNot = (_, context) => context is Core.Clusters.NodeContext { Node.Name: "b2" } ? "its disk is full" : null;
        Assert.Equal("Take down on b2 would wait: its disk is full", Assert.Single(_bed.Plan(Own()).Waits));
    }

    [Fact]
    public void An_approver_that_is_neither_id_nor_group_is_a_concern()
    {
        Use(BedWorkflows.Own("- task: !probe\n  approval:\n    message: May I?\n    approvers: [dba, \"1234\"]"));
        Assert.Contains("approvers: dba is no group", Assert.Single(_bed.Plan(Own()).Concerns), StringComparison.Ordinal);
    }

    public void Dispose() => _bed.Dispose();

    private static TimeSpan Length(string[] words) => TimeSpan.FromSeconds(words.Zip(words.Skip(1)).TakeWhile(p => p.First != "by")
        .Where(p => double.TryParse(p.First, out _)).Take(2).Sum(p => double.Parse(p.First) * (p.Second.Trim(',') == "min" ? 60 : 1)));

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
