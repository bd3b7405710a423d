using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RemoveDeadNodeTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("remove_dead_node")
    {
        Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 1), ("d", 1)), Enables = ["remove-node"] },
        Target = new Target.Named(["b3"]),
        Prepare = bed => Dead(bed, TimeSpan.FromMinutes(31)),

        // Every call goes to a living node: that of the first is what gets lost.
        Victim = "b1",
        Neighbour = "b2",
        Manifold = ["repair"],
    }.With("fenced_host_id", HostIdOf("b3"));

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void R17_it_is_off_until_the_inventory_enables_it()
    {
        using var run = new WorkflowRun(Case with { Options = Case.Options with { Enables = [] } });
        Assert.Contains("remove-node is off for mini", run.Refused(), StringComparison.Ordinal);

        // It is never begun: not even repairs are suspended for it.
        Assert.DoesNotContain(run.Bed.Effects, e => e.Step is not null);
    }

    [Fact]
    public void H15_a_node_that_is_dead_for_a_few_minutes_only_is_waited_for_and_not_removed()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => Dead(bed, TimeSpan.FromMinutes(5)) }).Start();
        run.Until(() => run.Gates.Count > 0, "the approval");
        run.Bed.Pass(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "remove-node");
    }

    [Fact]
    public void H16_a_host_id_typed_for_another_node_removes_nobody()
    {
        using var run = new WorkflowRun(Case.With("fenced_host_id", HostIdOf("b2")));
        Assert.Contains("was said to be fenced", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "remove-node");
    }

    private protected override void Achieved(WorkflowRun run)
    {
        Assert.Equal(["The machine of b3 (host id " + HostIdOf("b3") + ") is powered off and can never start again. It will be banned for ever. Remove it?"], run.Gates);
        Assert.Equal((RingState.Left, true), (run.Bed.Sim("b3").Ring, run.Bed.Sim("b3").IsBanned));
        Assert.Equal(4, run.Bed.World.Clusters[0].Owners.Length);
        Assert.Single(run.Bed.Effects, e => e.Kind == "remove-node");
    }

    private static string HostIdOf(string node) => new Dice(1).Uuid(node).ToString();

    private static void Dead(EngineBed bed, TimeSpan since)
    {
        bed.World.Agenda.Run(() => bed.Sim("b3").Kill(Cause.Nobody));
        bed.Pass(since);
    }
}
