using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>What a rollout leaves out: nodes and steps where nothing is to be done, and nodes that it gives up.</summary>
public sealed class SkipTests
{
    private const string Restart = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !up-for-all-peers
                timeout_seconds: 300
        """;

    [Fact]
    public void A_node_where_nothing_is_to_be_done_is_passed_over_and_has_not_failed()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, "skip_when:\n  - condition: !holds\n  - condition: !is-up-normal"));
        bed.Ports.WhyNot = (_, context) => ((NodeContext)context).Node.Name == "b2" ? null : "not yet";
        var id = bed.Run(Own());
        bed.UntilState(id, JobState.Ended);
        var passed = Assert.Single(bed.Events.OfType<NodePassedOver>());
        Assert.Equal(("1", "b2", "it holds already: Holds, Node is up and normal"), (passed.Path, passed.Node, passed.Why));
        Assert.Equal(["b1", "c1", "d1"], bed.Events.OfType<NodeHeld>().Select(h => h.Node).Order());
        Assert.Empty(bed.Job(id).SkippedNodes);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Invariants.Hold(bed, id, limit: 1);
    }

    [Fact]
    public void What_can_not_be_read_is_no_reason_to_pass_a_node_over()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, "skip_when:\n  - condition: !holds"));
        bed.Ports.WhyNot = (_, _) => throw new RecoverableException("no answer");
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal("b1", Assert.Single(bed.Events.OfType<NodeHeld>()).Node);
        Assert.Contains(bed.Log, l => l.Text.Contains("Not skipped: Holds: no answer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_step_where_nothing_is_to_be_done_is_skipped_without_a_failure_and_is_not_run()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own($"""
            - task: !probe
                does: install
              skip_when:
                - condition: !holds
            {Restart}
            """));
        var ran = new List<string>();
        bed.Ports.ProbeAsync = (_, context, _) => Add(ran, ((NodeContext)context).Node.Name);
        bed.Ports.WhyNot = (_, context) => ((NodeContext)context).Node.Name == "b1" ? null : "not yet";
        var id = bed.Run(Own("b1", "b2"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(["b2"], ran);
        var step = bed.Job(id).Step(new StepKey("1.1", "b1"))!;
        Assert.Equal((StepStatus.Skipped, 0, 0, "it holds already: Holds"), (step.Status, step.Attempt, step.Failures, step.Why));
        Assert.Equal(new StepKey("1.1", "b1"), Assert.Single(bed.Events.OfType<StepPassedOver>()).Key);
        Assert.Equal(2, bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void A_takedown_that_is_skipped_holds_nobody_and_a_later_one_does()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own($"{Restart.Replace("- task: !scylla-drain", "- task: !scylla-drain\n  skip_when:\n    - condition: !holds", StringComparison.Ordinal)}"));
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(new StepKey("1.2", "b1"), Assert.Single(bed.Events.OfType<NodeHeld>()).Key);
        Assert.DoesNotContain(bed.Effects, e => e.Kind == "drain");
        Invariants.Hold(bed, id, limit: 1);
    }

    [Fact]
    public void A_cluster_step_is_skipped_too_and_the_next_runs()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !probe\n    does: first\n  skip_when:\n    - condition: !holds\n- task: !probe\n    does: second"));
        var ran = new List<string>();
        bed.Ports.ProbeAsync = (does, _, _) => Add(ran, does);
        var id = bed.Start(Own());
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(["second"], ran);
    }

    [Fact]
    public void After_a_failure_it_is_looked_at_again_so_what_was_done_by_hand_is_not_done_once_more()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !probe\n  skip_when:\n    - condition: !holds"));
        var done = false;
        bed.Ports.ProbeAsync = (_, _, _) => throw new UnrecoverableException("no");
        bed.Ports.WhyNot = (_, _) => done ? null : "not yet";
        var id = bed.Start(Own());
        bed.UntilState(id, JobState.Halted);
        done = true;
        Yes(bed.Press(c => c.RetryAsync(Mara, id, extend: false, default)));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal((StepStatus.Skipped, 1), (bed.Job(id).Step(new StepKey("1", null))!.Status, bed.Job(id).Step(new StepKey("1", null))!.Attempt));
    }

    [Fact]
    public void Nodes_that_fail_while_they_serve_are_given_up_until_there_are_too_many()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own($"- task: !probe\n{Restart}", "max_failed_nodes: 1"));
        var mended = false;
        bed.Ports.ProbeAsync = (_, context, _) => ((NodeContext)context).Node.Name is "b1" or "c1" && !mended ? throw new UnrecoverableException("a disk is missing") : Task.CompletedTask;
        var id = bed.Run(Own());
        bed.UntilState(id, JobState.Halted);
        Assert.Equal(("b1", "1", "a disk is missing"), bed.Events.OfType<NodeSkipped>().Select(s => (s.Node, s.GivenUp, s.Why)).Single());
        Assert.Equal(new StepKey("1.1", "c1"), bed.Job(id).Halt!.Key);
        Assert.Equal(["b2"], bed.Events.OfType<NodeHeld>().Select(h => h.Node));
        mended = true;
        Yes(bed.Press(c => c.RetryAsync(Mara, id, extend: false, default)));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(["b2", "c1", "d1"], bed.Events.OfType<NodeHeld>().Select(h => h.Node));
        Assert.Contains("b1 was given up: a disk is missing", bed.Job(id).End!.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(bed.Effects, e => e.Node == "b1");
        Invariants.Hold(bed, id, limit: 1);
    }

    [Fact]
    public void R4_a_node_that_is_down_by_us_is_never_given_up()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Restart, "max_failed_nodes: 4"));
        bed.Arm(Sandbox.Clusters.FaultKind.StartFails, "b1", count: 9);
        var id = bed.Run(Own());
        bed.UntilState(id, JobState.Halted);
        Assert.Empty(bed.Events.OfType<NodeSkipped>());
        Assert.True(bed.Job(id).Held.ContainsKey("b1"));
    }

    private static Task Add(List<string> list, string what)
    {
        list.Add(what);
        return Task.CompletedTask;
    }
}
