namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RollingRestartTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("rolling_restart");

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

    private protected override void Achieved(WorkflowRun run) =>
        Assert.Equal(["b1", "b2", "c1", "d1"], run.Bed.Effects.Where(e => e is { Kind: "start", Step: not null }).Select(e => e.Node).Distinct(StringComparer.Ordinal));
}
