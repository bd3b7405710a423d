using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RollingRebootTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("rolling_reboot");

    private protected override string[] Waves => ["b1", "b2", "c1", "d1"];

    [Theory]
    [InlineData(Trouble.StartFails, Way.Retry)]
    [InlineData(Trouble.DrainHangs, Way.BringUp)]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.NeighbourDies, Way.Holds)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void R28_a_clock_that_is_off_keeps_Scylla_from_its_start_after_the_reboot()
    {
        using var run = new WorkflowRun(Case.With("boot_timeout", "5m"));
        run.Bed.Sim("b1").Machine.ClockOffset = 0.4;
        Assert.Contains("the clock of b1 is off", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e is { Node: "b1", Kind: "start" });
        Assert.Single(run.Pings);
        run.Bed.Sim("b1").Machine.ClockOffset = 0;
        run.Retry().ToEnd();
        run.Judge();
        Achieved(run);
    }

    [Fact]
    public void A_data_disk_that_does_not_come_back_keeps_Scylla_from_its_start()
    {
        using var run = new WorkflowRun(Case.With("boot_timeout", "5m"));
        run.Start().Until(() => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "reboot" }), "the reboot");
        run.Bed.Sim("b1").Machine.Files.Mounts.Clear();
        Assert.Contains("nothing is mounted at /var/lib/scylla on b1", run.ToHalt(), StringComparison.Ordinal);
        Assert.False(run.Bed.Sim("b1").Serves);
    }

    [Fact]
    public void Other_cores_than_before_are_found_out_before_the_next_node()
    {
        using var run = new WorkflowRun(Case);
        run.Start().Until(() => run.Bed.Effects.Any(e => e is { Node: "b1", Kind: "reboot" }), "the reboot");
        run.Bed.Sim("b1").Machine.Shards = 1;
        Assert.Contains("b1 runs on 1 shards, before it was 2", run.ToHalt(), StringComparison.Ordinal);
        Assert.Equal(["b1"], run.Order);
    }

    private protected override void Achieved(WorkflowRun run)
    {
        Assert.Equal(["b1", "b2", "c1", "d1"], run.Bed.Effects.Where(e => e.Kind == "reboot").Select(e => e.Node));
        Assert.All(run.Bed.World.Nodes, n => Assert.True(n.Machine.Units.IsEnabled(ScyllaUnit.Name)));
    }
}
