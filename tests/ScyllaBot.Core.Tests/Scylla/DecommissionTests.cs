using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla;

/// <summary>A decommission through the real engine against the simulated cluster.</summary>
public sealed class DecommissionTests
{
    private const string Path = "POST /storage_service/decommission";

    [Fact]
    public void It_ends_when_the_node_is_DECOMMISSIONED_and_nobody_knows_it()
    {
        using var bed = Bed();
        var id = bed.Run(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Equal(OperationMode.Decommissioned, bed.Sim("b1").Mode);
        Assert.Equal(3, bed.World.Clusters[0].Nodes.Length);
        Assert.False(bed.Verdict().QuorumEverLost || bed.Verdict().RaftMajorityEverLost);
    }

    [Fact]
    public void R2_one_job_takes_two_nodes_out_of_the_ring_and_ends()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("""
            - timeout_seconds: 86400
              task: !decommission
            - task: !systemd-stop-scylla-server
                restart_after_seconds: 0
            """) with
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 3), ("d", 2)),
        });
        var id = bed.Run(BedPeople.Own("b1", "c1"));
        bed.Until(() => bed.Job(id).State is JobState.Ended or JobState.Halted, TimeSpan.FromHours(12), "the end");
        Assert.Empty(bed.Events.OfType<Halted>());
        Assert.Empty(bed.Events.OfType<JobHeld>());
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Equal(6, bed.World.Clusters[0].Nodes.Length);
        Assert.False(bed.Verdict().QuorumEverLost || bed.Verdict().RaftMajorityEverLost);
    }

    [Fact]
    public void R11_a_host_killed_in_the_middle_finds_it_running_and_asks_once()
    {
        using var bed = Bed();
        var asked = 0;
        bed.Ports.Saw = call => asked += call.What == Path ? 1 : 0;
        var id = bed.Run(BedPeople.Own("b1"));
        bed.Until(() => bed.Sim("b1").Mode == OperationMode.Leaving);
        bed.Kill();
        bed.Pass(TimeSpan.FromSeconds(5));
        bed.StartHost();
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Equal((1, 1), (asked, bed.Effects.Count(e => e.Kind == "decommission")));
    }

    [Fact]
    public void A_host_away_until_it_was_over_finds_it_done()
    {
        using var bed = Bed();
        var id = bed.Run(BedPeople.Own("b1"));
        bed.Until(() => bed.Sim("b1").Mode == OperationMode.Leaving);
        bed.Kill();
        bed.Pass(TimeSpan.FromHours(5));
        bed.StartHost();
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Single(bed.Effects, e => e.Kind == "decommission");
    }

    [Fact]
    public void H6_a_lost_answer_is_no_failure_and_nothing_is_asked_twice()
    {
        using var bed = Bed();
        bed.Ports.Fate = call => call.What == Path ? Loss.After : Loss.None;
        var id = bed.Run(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Single(bed.Effects, e => e.Kind == "decommission");
        Assert.Contains(bed.Log, l => l.Text.Contains("no answer to the decommission", StringComparison.Ordinal));
    }

    [Fact]
    public void A_streaming_node_that_restarts_breaks_it_and_the_halt_says_why()
    {
        using var bed = Bed();
        var id = bed.Run(BedPeople.Own("b1"));
        bed.Until(() => bed.Sim("b1").Mode == OperationMode.Leaving);
        bed.World.Agenda.Run(() => bed.Sim("d1").Kill(Cause.Nobody));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains("went away", Assert.Single(bed.Events.OfType<Halted>()).Why, StringComparison.Ordinal);
        Assert.Single(bed.Effects, e => e.Kind == "decommission");
    }

    [Theory]
    [InlineData(1, "would keep 2 nodes")]
    [InlineData(2, "disk of")]
    public void H21_too_few_nodes_or_too_little_room_refuse_it(int nodesInB, string why)
    {
        using var bed = Bed(nodesInB, nodesInB == 2 ? "max_disk_percent: 5" : "max_disk_percent: 90");
        var id = bed.Run(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains(why, Assert.Single(bed.Events.OfType<Halted>()).Why, StringComparison.Ordinal);
        Assert.Empty(bed.Effects);
    }

    [Fact]
    public void H12_pending_cleanup_refuses_it()
    {
        using var bed = Bed();
        bed.Sim("c1").Cleanup = CleanupStatus.Needed;
        var id = bed.Run(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains("cleanup is pending on c1", Assert.Single(bed.Events.OfType<Halted>()).Why, StringComparison.Ordinal);
        Assert.Empty(bed.Effects);
    }

    [Fact]
    public void R17_production_refuses_it_unless_the_inventory_lists_it()
    {
        var production = Options(2, "") with { Environment = ClusterEnvironment.Production };
        using var bed = new EngineBed(1, production);
        var refused = Assert.Throws<InvalidOperationException>(() => bed.Plan(BedPeople.Own("b1")));
        Assert.Contains("decommission is off for mini (production)", refused.Message, StringComparison.Ordinal);
        Assert.Empty(bed.Effects);

        using var listed = new EngineBed(1, production with { Enables = ["decommission"] });
        var second = ByTwo(listed);
        listed.UntilState(second, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, listed.Job(second).End!.Outcome);
    }

    private static JobId ByTwo(EngineBed bed)
    {
        var id = bed.Start(BedPeople.Own("b1"));
        foreach (var one in new[] { BedPeople.Jon, BedPeople.Ada })
        {
            BedPeople.Yes(bed.Do(c => c.DecideAsync(one, id, "start", approve: true, "mini", CancellationToken.None)));
        }

        return id;
    }

    [Fact]
    public void H16_a_removal_whose_fence_was_typed_for_another_host_touches_nothing()
    {
        var options = BedWorkflows.Own($"- task: !remove-node\n    fenced_host_id: {new Dice(1).Uuid("c1")}") with { Enables = ["remove-node"] };
        using var bed = new EngineBed(1, options);
        bed.World.Agenda.Run(() => bed.Sim("b1").Kill(Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(40));
        var id = bed.Run(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains("was said to be fenced", Assert.Single(bed.Events.OfType<Halted>()).Why, StringComparison.Ordinal);
        Assert.DoesNotContain(bed.Effects, e => e.Kind == "remove-node");
        Assert.False(bed.Sim("b1").IsBanned);
    }

    [Fact]
    public void R17_a_removal_that_the_inventory_does_not_list_is_refused_at_the_plan()
    {
        using var bed = new EngineBed(1, BedWorkflows.Own($"- task: !remove-node\n    fenced_host_id: {new Dice(1).Uuid("b1")}"));
        bed.World.Agenda.Run(() => bed.Sim("b1").Kill(Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(40));
        var refused = Assert.Throws<InvalidOperationException>(() => bed.Plan(BedPeople.Own("b1")));
        Assert.Contains("remove-node is off", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "does not see b1 down")]
    [InlineData(12, "has seen b1 down for 12 of 30 minutes")]
    public void H15_a_node_that_is_not_surely_dead_is_never_removed_R17(int minutes, string why)
    {
        var options = BedWorkflows.Own($"- task: !remove-node\n    fenced_host_id: {new Dice(1).Uuid("b1")}") with { Enables = ["remove-node"] };
        using var bed = new EngineBed(1, options);
        if (minutes > 0)
        {
            bed.World.Agenda.Run(() => bed.Sim("b1").Kill(Cause.Nobody));
            bed.Pass(TimeSpan.FromMinutes(minutes));
        }

        var id = bed.Run(BedPeople.Own("b1"));
        bed.Until(() => bed.Job(id).State == JobState.Halted || bed.Log.Any(l => l.Text.Contains(why, StringComparison.Ordinal)));
        bed.UntilState(id, JobState.Halted);
        Assert.DoesNotContain(bed.Effects, e => e.Kind == "remove-node");
    }

    [Fact]
    public void R26_balancing_goes_back_to_the_value_found()
    {
        var options = BedWorkflows.OfCluster("""
            - task: !tablet-balancing
                set: off
            - task: !tablet-balancing
                set: as_found
            """);
        using var on = new EngineBed(1, options);
        on.UntilState(Start(on), JobState.Ended);
        Assert.Equal(["balancing-off", "balancing-on"], on.Effects.Select(e => e.Kind));

        using var off = new EngineBed(1, options);
        off.World.Agenda.Run(() => off.World.Clusters[0].SetBalancing(false, off.Sim("b1"), Cause.Nobody));
        off.History.Clear();
        off.UntilState(Start(off), JobState.Ended);
        Assert.Empty(off.Effects);
        Assert.False(off.World.Clusters[0].Balancing);
    }

    /// <summary>Nobody is asked about what is harmless.</summary>
    private static JobId Start(EngineBed bed)
    {
        var plan = bed.Plan(BedPeople.Own("b1"));
        return BedPeople.Yes(bed.Do(c => c.StartAsync(BedPeople.Mara, plan, CancellationToken.None)));
    }

    private static EngineBed Bed(int nodesInB = 2, string inputs = "") => new(1, Options(nodesInB, inputs));

    private static BedOptions Options(int nodesInB, string inputs) =>
        BedWorkflows.Own($"- task: !decommission\n{(inputs.Length == 0 ? "" : $"    {inputs}")}") with
        {
            Plan = dice => BedClusters.Plan(dice, ("b", nodesInB), ("c", 1), ("d", 1)),
        };
}
