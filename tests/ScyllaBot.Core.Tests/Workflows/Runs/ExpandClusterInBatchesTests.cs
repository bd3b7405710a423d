using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class ExpandClusterInBatchesTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("expand_cluster_in_batches")
    {
        Options = new BedOptions
        {
            Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice).WithSpare("b", dice).WithSpare("c", dice).WithSpare("d", dice),
            SparesAreNew = true,
        },
        Target = new Target.Named(["b3", "b4", "c2", "d2"]),
        Victim = "c2",
        Neighbour = "c1",
        At = "join",
        Manifold = ["repair"],
    }.With("batch_size", "2");

    private protected override string[] Waves => ["b3", "c2", "b4", "d2"];

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void Between_two_batches_the_ring_is_repaired_while_nobody_joins()
    {
        using var run = new WorkflowRun(Case).Start().ToEnd();
        var kinds = run.Bed.Effects.Where(e => e.Kind is "join" or "repair").Select(e => e.Kind).ToImmutableArray();
        var runs = kinds.Where((k, i) => i == 0 || kinds[i - 1] != k || k == "join").ToArray();
        Assert.Equal(["join", "join", "repair", "join", "join"], runs);
    }

    private protected override void Achieved(WorkflowRun run)
    {
        Assert.Equal(8, run.Bed.World.Clusters[0].Owners.Length);
        Assert.All(run.Bed.World.Clusters[0].Owners, n => Assert.Equal((true, CleanupStatus.Clean), (n.Serves, n.Cleanup)));
        Assert.Equal(4, run.Bed.Effects.Count(e => e.Kind == "join"));
    }
}
