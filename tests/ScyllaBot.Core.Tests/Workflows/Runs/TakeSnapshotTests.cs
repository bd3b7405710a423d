namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class TakeSnapshotTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("take_snapshot") { At = "snapshot" }.With("tag", "before_migration");

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void Without_room_nothing_is_linked()
    {
        using var run = new WorkflowRun(Case);
        run.Bed.Sim("b1").Machine.Files.DiskUsed = 0.85;
        Assert.Contains("15 % of /var/lib/scylla on b1 are free, less than 20 %", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.DoesNotContain(run.Bed.Effects, e => e is { Node: "b1", Kind: "snapshot" });
        run.Bed.Sim("b1").Machine.Files.DiskUsed = 0.4;
        run.Retry().ToEnd();
        Achieved(run);
    }

    private protected override void Achieved(WorkflowRun run) => Assert.All(run.Bed.World.Nodes, n => Assert.Equal(
        [$"scp-before_migration-{run.Id}"], n.Store.Snapshots.Keys));
}
