namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class RepairTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("repair") { At = "repair", Manifold = ["repair"] };

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    /// <summary>Each of the two keyspaces once on each node, whatever was lost on the way.</summary>
    private protected override void Achieved(WorkflowRun run) => Assert.All(
        run.Bed.World.Nodes, n => Assert.Equal(2, run.Bed.Effects.Count(e => e.Node == n.Id.Name && e.Kind == "repair")));
}
