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
