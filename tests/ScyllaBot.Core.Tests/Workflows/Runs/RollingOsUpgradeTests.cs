using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RollingOsUpgradeTests : WorkflowContract
{
    private const string Agent = "3.5.1-0.20250801.77aa0b1c2d-1";

    private protected override WorkflowCase Case => new WorkflowCase("rolling_os_upgrade")
    {
        Answer = text => text.StartsWith("The first node runs", StringComparison.Ordinal) ? "go on" : null, AtMost = TimeSpan.FromDays(1),
    }.With("packages", $"scylla-manager-agent={Agent}");

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
    public void Not_now_leaves_the_others_as_they_are()
    {
        using var run = new WorkflowRun(Case with { Answer = _ => "not now" });
        Assert.Contains("was answered with \"not now\"", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.Equal(["b1"], run.Waves);
        Assert.True(run.Bed.Sim("b1").Serves);
    }

    private protected override void Achieved(WorkflowRun run)
    {
        Assert.All(run.Bed.World.Nodes, n => Assert.Equal(Agent, n.Machine.Packages.Installed("scylla-manager-agent")));
        Assert.All(run.Bed.World.Nodes, n => Assert.True(n.Machine.Units.IsEnabled(ScyllaUnit.Name)));
        Assert.Equal(["b1", "b2", "c1", "d1"], run.Bed.Effects.Where(e => e.Kind == "reboot").Select(e => e.Node).Distinct(StringComparer.Ordinal));
        Assert.Single(run.Gates);
    }
}
