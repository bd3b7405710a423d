using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class LiveConfigChangeTests : WorkflowContract
{
    private protected override WorkflowCase Case =>
        new WorkflowCase("live_config_change") { At = "sighup" }.With("settings", "compaction_throughput_mb_per_sec=64");

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Retry)]
    [InlineData(Trouble.NeighbourDies, Way.Retry)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void An_option_that_needs_a_restart_halts_at_the_first_node_and_leaves_nothing_behind()
    {
        using var run = new WorkflowRun(new WorkflowCase("live_config_change").With("settings", "num_tokens=77"));
        var before = run.Bed.Sim("b1").Machine.Files.Find(MachineFiles.ScyllaYaml)!.Content;
        Assert.Contains("this needs a restart", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.Equal(["b1"], run.Order);
        Assert.Equal(before, run.Bed.Sim("b1").Machine.Files.Find(MachineFiles.ScyllaYaml)!.Content);
    }

    private protected override void Achieved(WorkflowRun run)
    {
        Assert.All(run.Bed.World.Nodes, n => Assert.Equal("64", n.Machine.Config.Value("compaction_throughput_mb_per_sec")));
        Assert.DoesNotContain(run.Bed.Effects, e => e is { Kind: "stop" or "drain" });
    }
}
