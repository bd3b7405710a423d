using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RollingOsReleaseUpgradeTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("rolling_os_release_upgrade")
    {
        Options = new BedOptions { Enables = ["run-command"] },
        Answer = text => text.StartsWith("The first node runs", StringComparison.Ordinal) ? "go on" : null, AtMost = TimeSpan.FromDays(1),
    }.With("release", "debian 13").With("command", "do-release-upgrade, -f, DistUpgradeViewNonInteractive");

    private protected override string[] Waves => ["b1", "b2", "c1", "d1"];

    [Theory]
    [InlineData(Trouble.StartFails, Way.Retry)]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.NeighbourDies, Way.Holds)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void A_cluster_that_does_not_enable_run_command_is_left_alone_by_it()
    {
        using var run = new WorkflowRun(Case with { Options = new BedOptions() });
        Assert.Contains("does not enable run-command", run.Start().ToHalt(), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_the_release_is_passed_over()
    {
        using var run = new WorkflowRun(Case with
        {
            Prepare = bed => bed.World.Agenda.Run(() => bed.Sim("b1").Machine.Files.Find(MachineFiles.OsRelease, MachineFiles.ReleaseText("13"))),
        });
        run.Start().ToEnd();
        Assert.Equal(["b2", "c1", "d1"], run.Waves);
    }

    private protected override void Achieved(WorkflowRun run) => Assert.All(run.Bed.World.Nodes, n =>
    {
        Assert.Equal(MachineFiles.ReleaseText("13"), n.Machine.Files.Find(MachineFiles.OsRelease)!.Content);
        Assert.True(n.Machine.Units.IsEnabled(ScyllaUnit.Name));
    });
}
