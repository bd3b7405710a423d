using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class CleanupTests : WorkflowContract
{
    private protected override WorkflowCase Case => new("cleanup")
    {
        At = "cleanup",
        Prepare = bed => bed.World.Agenda.Run(() =>
        {
            foreach (var node in bed.World.Nodes)
            {
                node.Cleanup = CleanupStatus.Needed;
            }
        }),
    };

    [Theory]
    [InlineData(Trouble.AnswersLost, Way.Alone)]
    [InlineData(Trouble.HostKilled, Way.Alone)]
    [InlineData(Trouble.RestSilent, Way.Alone)]
    public void One_fault(Trouble trouble, Way way) => Survive(trouble, way);

    private protected override void Achieved(WorkflowRun run)
    {
        Assert.All(run.Bed.World.Nodes, n => Assert.Equal(CleanupStatus.Clean, n.Cleanup));
        Assert.All(run.Bed.World.Nodes, n => Assert.Contains(run.Bed.Effects, e => e.Node == n.Id.Name && e.Kind == "cleanup"));
    }
}
