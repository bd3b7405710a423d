using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RollingConfigChangeTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("rolling_config_change").With("settings", "tombstone_warn_threshold=500");

    private protected override string[] Waves => ["b1", "b2", "c1", "d1"];

    [Theory]
    [InlineData(Trouble.StartFails, Way.Retry)]
    [InlineData(Trouble.DrainHangs, Way.BringUp)]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.Rest500, Way.Alone)]
    [InlineData(Trouble.NeighbourDies, Way.Holds)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void Roll_node_back_puts_the_old_file_back_and_a_process_has_read_it_R4()
    {
        using var run = new WorkflowRun(Case);
        var machine = run.Bed.Sim("b1").Machine;
        var before = machine.Files.Find(MachineFiles.ScyllaYaml)!.Content;
        run.Bed.Arm(FaultKind.StartFails, "b1", run.Case.Starts);
        run.Start().ToHalt();
        Assert.Contains("tombstone_warn_threshold: 500", machine.Files.Find(MachineFiles.ScyllaYaml)!.Content, StringComparison.Ordinal);
        run.BringUp("b1");
        Assert.Equal(before, machine.Files.Find(MachineFiles.ScyllaYaml)!.Content);
        Assert.Equal("1000", machine.Config.Value("tombstone_warn_threshold"));
        Assert.True(run.Bed.Sim("b1").Serves);
    }

    [Fact]
    public void A_value_that_Scylla_did_not_take_halts_and_the_way_back_starts_it_anew()
    {
        // It converts for the YAML reader here, but not for Scylla: the process runs with the old value.
        using var run = new WorkflowRun(new WorkflowCase("rolling_config_change").With("settings", "max_hint_window_in_ms=soon").With("up_timeout", "2m"));
        Assert.Contains("max_hint_window_in_ms", run.Start().ToHalt(), StringComparison.Ordinal);
        var starts = Starts();
        run.BringUp("b1");
        Assert.Equal(starts + 1, Starts());
        Assert.DoesNotContain("soon", run.Bed.Sim("b1").Machine.Files.Find(MachineFiles.ScyllaYaml)!.Content, StringComparison.Ordinal);

        int Starts() => run.Bed.Effects.Count(e => e is { Node: "b1", Kind: "start" });
    }

    private protected override void Achieved(WorkflowRun run) => Assert.All(
        run.Bed.World.Nodes, n => Assert.Equal("500", n.Machine.Config.Value("tombstone_warn_threshold")));
}
