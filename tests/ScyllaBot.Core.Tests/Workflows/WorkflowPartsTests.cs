using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>What stands between batches and before the last node is a part of a workflow like any other.</summary>
public sealed class WorkflowPartsTests
{
    private static readonly Step<NodeContext> Harmless = new() { Task = new SendSighup() };

    [Fact]
    public void What_is_paid_where_a_rollout_stops_is_said_and_does_not_count_for_what_its_last_nodes_leave()
    {
        var owed = new Debt(
            "d1", "mini", new JobId("1"), null, DebtKind.Repair, "b1", "the ring wants a repair", default, default, DebtNature.Kept, DebtUndo.Of("repair", null, byItself: false));
        Assert.Equal("owed now: repair (this run pays it where it stops between nodes): the ring wants a repair", Assert.Single(PlanDebts.Lines([owed], Rolling(between: new Repair()))));
        Assert.Equal("owed now: repair (this run pays it where it stops between nodes): the ring wants a repair", Assert.Single(PlanDebts.Lines([owed], Rolling(last: new Repair()))));
        Assert.Equal("owed now: repair: the ring wants a repair", Assert.Single(PlanDebts.Lines([owed], Rolling())));
        Assert.Equal("may leave owing: Manager resume", Assert.Single(PlanDebts.Lines([], Rolling(between: new ManagerSuspend(), last: new ManagerResume()))));
    }

    [Fact]
    public void Repairs_are_kept_away_from_what_is_taken_down_between_batches_too()
    {
        Assert.True(RepairRounds.Disrupts(Rolling(between: new Downing()).ClusterTasks[0]));
        Assert.True(Rolling(last: new Downing()).TakesDown());
        Assert.False(RepairRounds.Disrupts(Rolling(between: new Repair()).ClusterTasks[0]));
        Assert.False(Rolling(between: new Repair()).TakesDown());
    }

    private static Workflow Rolling(ITask<ClusterContext>? between = null, ITask<ClusterContext>? last = null) => new()
    {
        Name = "Rolling",
        ClusterTasks =
        [
            new Step<ClusterContext>
            {
                Task = new NodeWorkflow
                {
                    Name = "Nodes", NodeTasks = [Harmless], Batches = ["1"], BetweenBatches = Steps(between), BeforeLastNode = Steps(last),
                },
            },
        ],
    };

    private static Step<ClusterContext>[] Steps(ITask<ClusterContext>? task) => task is null ? [] : [new Step<ClusterContext> { Task = task }];

    [Tag("downing", "Takes something down", Direction.TakesDown, Risk.Low, Interruptible.No)]
    private sealed record Downing : ITask<ClusterContext>
    {
        public string Title => "Take something down";

        public IReadOnlyList<ICondition<ClusterContext>> Preconditions => [];

        public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => throw new InvalidOperationException("never run");
    }
}
