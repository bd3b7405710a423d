using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class AddNodesToClusterTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("add_nodes_to_cluster")
    {
        Options = new BedOptions
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice).WithSpare("c", dice).WithSpare("d", dice), SparesAreNew = true,
        },
        Target = new Target.Named(["b3", "c2", "d2"]),
        Victim = "b3",
        Neighbour = "b2",
        At = "join",
    };

    private protected override string[] Waves => ["b3", "c2", "d2"];

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.StartFails, Way.BringUp)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    private protected override void Achieved(WorkflowRun run)
    {
        var bed = run.Bed;
        Assert.Equal(JobOutcome.Succeeded, run.Job.End!.Outcome);
        Assert.Equal(7, bed.World.Clusters[0].Owners.Length);
        Assert.All(bed.World.Clusters[0].Owners, n => Assert.Equal((true, CleanupStatus.Clean), (n.Serves, n.Cleanup)));
        Assert.Equal(["b3", "c2", "d2"], bed.Effects.Where(e => e.Kind == "join").Select(e => e.Node));
        Assert.Empty(run.Job.Debts);
    }
}
