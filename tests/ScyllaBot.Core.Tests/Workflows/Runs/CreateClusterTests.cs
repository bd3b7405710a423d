using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class CreateClusterTests : WorkflowContract
{
    private const string Question = "all is set up";

    private protected override WorkflowCase Case => new WorkflowCase("create_cluster")
    {
        Options = new BedOptions { Plan = Unborn, SparesAreNew = true },
        Answer = text => text.Contains("serves", StringComparison.Ordinal) ? Question : null,
        Victim = "c1",
        Neighbour = "b1",
        At = "join",
        Manifold = ["repair"],
    }.With("first_node", "b1");

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.StartFails, Way.Retry)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void R27_every_identity_is_learnt_and_written_down_once_in_the_order_of_the_joins()
    {
        using var run = new WorkflowRun(Case).Start().ToEnd();
        var joined = run.Bed.Events.OfType<NodeJoined>().ToArray();
        Assert.Equal(["b1", "b2", "c1", "d1"], joined.Select(j => j.Node));
        Assert.All(joined, j => Assert.Equal(run.Bed.Sim(j.Node).Id.HostId, j.HostId));
    }

    [Fact]
    public void H18_no_ring_is_begun_where_a_machine_has_been_in_one()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => bed.Sim("d1").Machine.Files.Filled() });
        Assert.Contains("d1: /var/lib/scylla/data is not empty", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind is "start" or "found");
    }

    private protected override void Achieved(WorkflowRun run)
    {
        var cluster = run.Bed.World.Clusters[0];
        Assert.Equal(["b1", "b2", "c1", "d1"], cluster.Owners.Select(n => n.Id.Name));
        Assert.All(cluster.Owners, n => Assert.True(n.Serves));
        Assert.Equal(("b1", 3), (Assert.Single(run.Bed.Effects, e => e.Kind == "found").Node, run.Bed.Effects.Count(e => e.Kind == "join")));
        Assert.Single(run.Gates);
    }

    /// <summary>The usual machines, none of them in a ring; people create keyspaces once it is whole.</summary>
    private static ClusterPlan Unborn(Dice dice)
    {
        var plan = BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1));
        return plan with { Nodes = [], Spares = plan.Nodes, Keyspaces = [.. plan.Keyspaces.Where(k => k.Name == "system_traces")] };
    }
}
