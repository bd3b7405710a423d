using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class DecommissionNodesTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("decommission_nodes")
    {
        Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 3), ("d", 2)) },
        Target = new Target.Named(["b2", "c3"]),
        Victim = "b2",
        Neighbour = "b3",
        At = "decommission",
    };

    /// <summary>Its nodes have tablets, which are drained before anything streams.</summary>
    private WorkflowCase Tablets => Case with { Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 3), ("d", 2)).WithTablets(600) } };

    private protected override string[] Waves => ["b2", "c3"];

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void H12_a_decommission_is_refused_while_cleanup_is_pending()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => bed.Sim("d1").Cleanup = CleanupStatus.Needed });
        Assert.Contains("cleanup is pending on d1", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "decommission");
    }

    [Fact]
    public void H18_a_decommission_is_refused_when_it_takes_the_last_seed_of_one_who_stays()
    {
        using var run = new WorkflowRun(Case with
        {
            Prepare = bed => bed.Sim("d2").Machine.Files.Find(
                MachineFiles.ScyllaYaml, $"seed_provider:\n    - class_name: x\n      parameters:\n          - seeds: \"{bed.Sim("b2").Id.Address},{bed.Sim("c3").Id.Address}\"\n"),
        });
        Assert.Contains("d2 names 10.0.0.2, 10.0.0.6", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "decommission");
    }

    [Fact]
    public void R5_an_aborted_job_waits_for_the_node_that_is_leaving_and_keeps_its_lease()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Sim("b2").Mode == OperationMode.Leaving, "the decommission at work");
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: true, default));
        Assert.True(run.Job is { State: JobState.Aborting, LeaseEpoch: > 0 });
        run.Until(() => run.Job.State == JobState.Ended, "the end");

        Assert.Equal(RingState.Left, run.Bed.Sim("b2").Ring);
        Assert.Equal(RingState.Normal, run.Bed.Sim("c3").Ring);
        Assert.False(run.Bed.Verdict().QuorumEverLost);
    }

    [Fact]
    public void R5_the_way_out_of_a_movement_is_a_button_with_an_approval_of_its_own()
    {
        using var run = new WorkflowRun(Tablets).Start();
        run.Until(() => run.Bed.Sim("b2").IsDraining, "its tablets on the move");
        Assert.Contains("running", BedPeople.No(run.Bed.Do(c => c.WayOutAsync(WorkflowRun.Mara, run.Id, "b2", default))), StringComparison.Ordinal);
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: true, default));
        run.Bed.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((JobState.Aborting, OperationMode.Normal), (run.Job.State, run.Bed.Sim("b2").Mode));
        var card = Card(run);
        Assert.Contains(card.Parts, p => p.Text.Contains("Scylla would still abort it", StringComparison.Ordinal));
        Assert.Single(card.Choices, c => c.Id.StartsWith("scp:v1:out:", StringComparison.Ordinal) && c.Id.EndsWith(":b2", StringComparison.Ordinal));

        Assert.Contains("operator right", BedPeople.No(run.Bed.Do(c => c.WayOutAsync(BedPeople.Reader, run.Id, "b2", default))), StringComparison.Ordinal);
        run.Press(c => c.WayOutAsync(BedPeople.Operator, run.Id, "b2", default));
        Assert.Contains("already", BedPeople.No(run.Bed.Do(c => c.WayOutAsync(WorkflowRun.Mara, run.Id, "b2", default))), StringComparison.Ordinal);
        Assert.DoesNotContain(Card(run).Choices, c => c.Id.StartsWith("scp:v1:out:", StringComparison.Ordinal));
        var key = Assert.Single(run.Job.Approvals.Values, a => a.IsOpen).Asked.Key;
        Assert.Contains("asked for", BedPeople.No(run.Bed.Approve(run.Id, key, WorkflowRun.Mara)), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "task-abort");

        BedPeople.Yes(run.Bed.Approve(run.Id, key, BedPeople.Jon));
        run.Bed.UntilState(run.Id, JobState.Ended);
        Assert.Single(run.Bed.Effects, e => e.Kind == "task-abort");
        Assert.Equal(RingState.Normal, run.Bed.Sim("b2").Ring);
        Assert.Null(Assert.Single(run.Job.Unders.Values).End!.Why);
        Assert.Equal(JobOutcome.Aborted, run.Job.End!.Outcome);
    }

    [Fact]
    public void R5_where_Scylla_knows_no_way_out_none_is_offered_and_the_card_says_why()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Bed.Sim("b2").Mode == OperationMode.Leaving, "the decommission at work");
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: true, default));
        run.Bed.Pass(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(Card(run).Choices, c => c.Id.StartsWith("scp:v1:out:", StringComparison.Ordinal));
        Assert.Contains(Card(run).Parts, p => p.Text.Contains("There is none once it streams", StringComparison.Ordinal));
        Assert.Contains("let it finish", BedPeople.No(run.Bed.Do(c => c.WayOutAsync(WorkflowRun.Mara, run.Id, "b2", default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R5_a_way_out_that_is_rejected_or_that_nobody_approves_is_not_gone_and_the_movement_finishes()
    {
        using var run = new WorkflowRun(Tablets).Start();
        run.Until(() => run.Bed.Sim("b2").IsDraining, "its tablets on the move");
        run.Press(c => c.AbortAsync(WorkflowRun.Mara, run.Id, now: true, default));
        run.Press(c => c.WayOutAsync(WorkflowRun.Mara, run.Id, "b2", default));
        run.Press(c => c.DecideAsync(BedPeople.Jon, run.Id, run.Job.Approvals.Values.Single(a => a.IsOpen).Asked.Key, approve: false, "it is nearly done", default));
        run.Bed.Pass(TimeSpan.FromSeconds(1));
        run.Press(c => c.WayOutAsync(WorkflowRun.Mara, run.Id, "b2", default));
        run.Bed.UntilState(run.Id, JobState.Ended);

        Assert.Equal(RingState.Left, run.Bed.Sim("b2").Ring);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "task-abort");
        Assert.Collection(
            run.Job.Unders.Values, u => Assert.Equal("rejected by jon: it is nearly done", u.End!.Why), u => Assert.Equal("the job had ended first", u.End!.Why));
    }

    private static Core.Chat.Notice Card(WorkflowRun run) =>
        Core.Chat.JobCard.Render(run.Bed.Do(() => run.Bed.Control.ShowAsync(run.Id, default))!, run.Bed.Time.GetUtcNow(), sandbox: true);

    private protected override void Achieved(WorkflowRun run)
    {
        var bed = run.Bed;
        Assert.Equal(6, bed.World.Clusters[0].Owners.Length);
        foreach (var node in new[] { "b2", "c3" })
        {
            Assert.Equal((RingState.Left, "inactive", false), (bed.Sim(node).Ring, bed.Sim(node).Unit.ActiveState, bed.Sim(node).Machine.Units.IsEnabled(ScyllaUnit.Name)));
            Assert.Single(bed.Effects, e => e.Kind == "decommission" && e.Node == node);
        }
    }
}
