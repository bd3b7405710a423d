using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>The cluster's own word on who may be at work together, and proofs that must hold at one time.</summary>
public sealed class SafetyVoteTests
{
    private const string Slow = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !up-for-all-peers
                timeout_seconds: 3600
              - condition: !holds
                timeout_seconds: 7200
        """;

    [Fact]
    public void A_limit_that_the_replica_sets_do_not_allow_makes_nodes_wait_for_each_other_and_halts_nothing()
    {
        // Two racks and RF 3: the nodes of one rack share ranges. Each node takes longer than a precondition's five minutes.
        using var bed = new EngineBed(options: BedWorkflows.Own(Slow, "concurrency_limit: 3") with
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 1)),
        });
        bed.Ports.WhyNot = (_, context) => context.Time.GetUtcNow() < Since(bed) + TimeSpan.FromMinutes(8) ? "not yet" : null;
        var id = bed.Run(BedPeople.Request(workflow: "own"));
        bed.Until(
            () => bed.Job(id).Held.Count == 1 && bed.Engine.Find(id)?.WhyNotNext?.Contains("replicas in us-east1", StringComparison.Ordinal) == true,
            what: "a vote against the second node");
        bed.Until(() => !bed.Job(id).IsOpen, TimeSpan.FromHours(4), "the end");
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Empty(bed.Events.OfType<Halted>());
        Invariants.Hold(bed, id, limit: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void R3_a_vote_that_breaks_while_a_node_is_at_work_lets_nobody_join_and_drops_nothing(bool isClassified)
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Slow, "concurrency_limit: 2") with
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 1), ("d", 1)),
        });
        var (isBroken, votes) = (false, 0);
        bed.WithoutLeader();
        bed.Ports.Fate = call =>
        {
            if (!isBroken || call.Step?.StartsWith("availability/", StringComparison.Ordinal) != true)
            {
                return Loss.None;
            }

            votes++;
            throw isClassified ? new UnrecoverableException("the ring makes no sense") : new InvalidOperationException("a bug");
        };
        var until = DateTimeOffset.MaxValue;
        bed.Ports.WhyNot = (_, context) => ((NodeContext)context).Node.Name == "b2" && context.Time.GetUtcNow() < until ? "not yet" : null;
        var id = bed.Run(BedPeople.Own("b1", "b2", "b3"));
        bed.Until(() => bed.Job(id).HasPassed(new StepKey("1.3", "b1")) && bed.Job(id).HasPassed(new StepKey("1.3", "b2")), what: "both starts");
        isBroken = true;
        bed.Pass(TimeSpan.FromMinutes(10));
        Assert.True(votes > 0);
        Assert.Empty(bed.Complaints);
        Assert.Equal("b2", Assert.Single(bed.Job(id).Held.Keys));
        Assert.DoesNotContain(bed.Events, e => e is StepStarted { Key.Node: "b3" });
        (isBroken, until) = (false, bed.Time.GetUtcNow());
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.All(bed.Events.OfType<StepStarted>().GroupBy(s => s.Key), s => Assert.Single(s));
    }

    [Fact]
    public void R2_after_the_last_node_everyone_must_see_everyone()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own(Slow.Replace("up-for-all-peers", "is-up-normal", StringComparison.Ordinal)));
        var goOn = false;
        bed.Ports.WhyNot = (_, _) => goOn ? null : "not yet";
        var id = bed.Run(BedPeople.Own("c1"));
        bed.Until(() => bed.Job(id).HasPassed(new StepKey("1.3", "c1")), what: "the start of c1");
        bed.Pass(TimeSpan.FromMinutes(2));
        bed.Arm(FaultKind.NodeDies, "b1");
        bed.Pass(TimeSpan.FromMinutes(2));
        goOn = true;
        bed.Until(() => bed.Job(id).Held.IsEmpty, what: "the last node's release");
        bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(JobState.Holding, bed.Job(id).State);
        Assert.Contains("b1 is", bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _ = bed.World.Agenda.Run(() => bed.Sim("b1").Unit.StartAsync(Cause.Nobody, "power-on"));
        bed.UntilState(id, JobState.Ended);
        Assert.True(bed.Events.OfType<Ended>().Single().At - bed.Events.OfType<HoldLifted>().Single().At < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void R15_conditions_of_one_wait_must_hold_together_when_the_last_of_them_passes()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("""
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
                      what: early
                    timeout_seconds: 3600
                  - condition: !holds
                      what: late
                    timeout_seconds: 3600
            """));
        var begin = bed.Time.GetUtcNow();
        var (early, late) = (begin + TimeSpan.FromMinutes(1), begin + TimeSpan.FromMinutes(2));
        bed.Ports.WhyNot = (what, context) => (what, context.Time.GetUtcNow()) switch
        {
            ("early", var now) => now < early || now > early + TimeSpan.FromMinutes(4) ? null : "false again",
            ("late", var now) => now < late ? "not yet" : null,
            _ => null,
        };
        var id = bed.Start(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Contains(bed.Log, l => l.Text.Contains("No longer holds: false again", StringComparison.Ordinal));
        Assert.True(bed.Job(id).End!.At >= early + TimeSpan.FromMinutes(4));
    }

    [Fact]
    public void R8_a_wait_that_was_left_alone_past_its_time_passes_when_its_condition_holds()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("""
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
                    success_window_seconds: 20
                    timeout_seconds: 600
            """));
        bed.Ports.WhyNot = (_, _) => "not yet";
        var id = bed.Start(BedPeople.Own("b1"));
        bed.Until(() => bed.Job(id).Steps.Count > 1, what: "the wait");
        bed.Kill();
        bed.Pass(TimeSpan.FromHours(1));
        bed.Ports.WhyNot = (_, _) => null;
        bed.StartHost();
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Empty(bed.Events.OfType<Halted>());
    }

    /// <summary>When the node at work was held; the start of time while none is.</summary>
    private static DateTimeOffset Since(EngineBed bed) =>
        bed.Events.OfType<NodeHeld>().LastOrDefault()?.At ?? SimulatedTime.Start;
}
