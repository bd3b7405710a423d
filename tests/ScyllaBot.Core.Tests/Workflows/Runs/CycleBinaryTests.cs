namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class CycleBinaryTests : WorkflowContract
{
    private protected override WorkflowCase Case => new WorkflowCase("cycle_binary")
    {
        Prepare = bed => Releases.Lay(bed, Releases.Patch, "b1", "b2", "c1", "d1"),
    }.With("version", Releases.Patch);

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
    public void Who_runs_it_already_is_passed_over()
    {
        using var run = new WorkflowRun(Case with
        {
            Prepare = bed =>
            {
                Releases.Run(bed, Releases.Patch, "b1", "c1");
                Releases.Lay(bed, Releases.Patch, "b2", "d1");
            },
        });
        run.Start().ToEnd();
        Assert.Equal(["b2", "d1"], run.Waves);
        Achieved(run);
    }

    [Fact]
    public void A_program_that_is_not_there_is_found_out_at_the_first_node()
    {
        using var run = new WorkflowRun(Case with { Prepare = bed => Releases.Lay(bed, Releases.Patch, "b2", "c1", "d1") });
        Assert.Contains("b1 runs 2026.2.5, not 2026.2.6", run.Start().ToHalt(), StringComparison.Ordinal);
        Assert.Equal(["b1"], run.Bed.Events.OfType<Core.Jobs.NodeHeld>().Select(h => h.Node));
    }

    private protected override void Achieved(WorkflowRun run) => Releases.AllRun(run, Releases.Patch);
}
