namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class SendSighupTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("send_sighup")
    {
        At = "sighup",
        Prepare = bed => bed.World.Agenda.Run(() =>
        {
            foreach (var node in bed.World.Nodes)
            {
                var file = node.Machine.Files.Find(Sandbox.Clusters.MachineFiles.ScyllaYaml)!;
                node.Machine.Files.Find(Sandbox.Clusters.MachineFiles.ScyllaYaml, file.Content + "read_request_timeout_in_ms: 4321\n");
            }
        }),
    };

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.NeighbourDies, Way.Retry)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void A_file_that_can_not_be_read_halts_at_its_node_before_any_signal()
    {
        using var run = new WorkflowRun(Case with
        {
            Prepare = bed => bed.World.Agenda.Run(() => bed.Sim("b1").Machine.Files.Find(Sandbox.Clusters.MachineFiles.ScyllaYaml, "a: [1\n")),
        });
        Assert.Contains("no YAML", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e.Kind == "sighup");
    }

    private protected override void Achieved(WorkflowRun run) => Assert.All(
        run.Bed.World.Nodes, n => Assert.Equal("4321", n.Machine.Config.Value("read_request_timeout_in_ms")));
}
