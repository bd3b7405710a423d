using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class ReplaceDeadNodeTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("replace_dead_node")
    {
        Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice), SparesAreNew = true },
        Target = new Target.Named(["b3"]),
        Prepare = bed => Dead(bed, TimeSpan.FromMinutes(31)),
        Victim = "b3",
        Neighbour = "b1",
        At = "replace",
        Manifold = ["repair"],
    }.With("fenced_host_id", HostIdOf("b2"));

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.StartFails, Way.Retry)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void R27_the_dead_one_is_forgotten_by_the_job_that_replaced_it_and_the_new_one_is_known()
    {
        using var run = new WorkflowRun(Case).Start();
        run.Until(() => run.Job.Joined.ContainsKey("b3"), "the new node");
        Assert.Equal(run.Bed.Sim("b3").Id.HostId, run.Job.Joined["b3"]);
        run.ToEnd();
        Assert.Empty(run.Bed.Events.OfType<JobHeld>());
    }

    [Fact]
    public void H15_a_node_that_is_alive_is_never_replaced()
    {
        using var run = new WorkflowRun(Case with { Prepare = _ => { } }).Start();
        run.Until(() => run.Gates.Count > 0, "the approval");
        run.Bed.Pass(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind is "replace" || e.Kind.StartsWith("write", StringComparison.Ordinal));
    }

    private protected override void Achieved(WorkflowRun run)
    {
        var bed = run.Bed;
        Assert.Equal((RingState.Left, true), (bed.Sim("b2").Ring, bed.Sim("b2").IsBanned));
        Assert.Equal((RingState.Normal, true), (bed.Sim("b3").Ring, bed.Sim("b3").Serves));
        Assert.Single(bed.Effects, e => e.Kind == "replace");
        Assert.Equal(4, bed.World.Clusters[0].Owners.Length);
    }

    private static string HostIdOf(string node) => new Dice(1).Uuid(node).ToString();

    private static void Dead(EngineBed bed, TimeSpan since)
    {
        bed.World.Agenda.Run(() => bed.Sim("b2").Kill(Cause.Nobody));
        bed.Pass(since);
    }
}
