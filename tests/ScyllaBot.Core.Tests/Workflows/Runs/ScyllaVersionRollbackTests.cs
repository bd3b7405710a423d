namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class ScyllaVersionRollbackTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("scylla_version_rollback")
    {
        Prepare = bed => Releases.Run(bed, Releases.Next, "b1", "b2", "c1"),
    }.With("version", Releases.Found).With("packages", Releases.PackageOf(Releases.Found));

    private protected override string[] Waves => ["b1", "b2", "c1"];

    [Theory]
    [InlineData(Trouble.StartFails, Way.Retry)]
    [InlineData(Trouble.DrainHangs, Way.BringUp)]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    [InlineData(Trouble.NeighbourDies, Way.Holds)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    [Fact]
    public void Once_nobody_runs_the_old_version_there_is_no_way_back()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => Releases.Run(bed, Releases.Next, "b1", "b2", "c1", "d1") });
        Assert.Contains("no node runs 2026.2.5 any more (2026.3.0 on b1, b2, c1, d1)", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.Empty(run.Bed.Effects);
    }

    private protected override void Achieved(WorkflowRun run) => Releases.AllRun(run, Releases.Found);
}
