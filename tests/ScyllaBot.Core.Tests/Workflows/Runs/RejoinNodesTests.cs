using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RejoinNodesTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("rejoin_nodes")
    {
        Options = new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice), SparesAreNew = true, Enables = ["wipe-data"] },
        Target = new Target.Named(["b3"]),
        Prepare = JoinFails,
        Victim = "b3",
        Neighbour = "b1",
        At = "join",
    };

    private protected override string[] Waves => ["b3"];

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void R17_data_is_wiped_only_where_the_inventory_enables_it_and_never_on_production()
    {
        using var off = new WorkflowRun(Case with { Options = Case.Options with { Enables = [] } });
        Assert.Contains("does not enable wipe-data", off.Refused(), StringComparison.Ordinal);
        using var production = new WorkflowRun(Case with { Options = Case.Options with { Environment = ClusterEnvironment.Production } });
        Assert.Contains("is production", production.Refused(), StringComparison.Ordinal);
        Assert.DoesNotContain(off.Bed.Effects.Concat(production.Bed.Effects), e => e.Kind.StartsWith("empty", StringComparison.Ordinal));
    }

    private protected override void Achieved(WorkflowRun run)
    {
        var node = run.Bed.Sim("b3");
        Assert.Equal((RingState.Normal, true, false), (node.Ring, node.Serves, node.IsBanned));
        Assert.Single(run.Bed.Effects, e => e.Kind == "empty /var/lib/scylla/data");
    }

    /// <summary>It asked to join while a member was dead.</summary>
    private static void JoinFails(EngineBed bed)
    {
        bed.World.Agenda.Run(() => bed.Sim("c1").Kill(Cause.Nobody));
        bed.Pass(TimeSpan.FromMinutes(1));
        _ = bed.World.Agenda.Run(() => bed.Sim("b3").Unit.StartAsync(Cause.Nobody, "power-on"));
        bed.Pass(TimeSpan.FromMinutes(3));
        _ = bed.World.Agenda.Run(() => bed.Sim("c1").Unit.StartAsync(Cause.Nobody, "power-on"));
        bed.Pass(TimeSpan.FromMinutes(5));
        Assert.True(bed.Sim("b3").IsBanned);
        bed.History.Clear();
    }
}
