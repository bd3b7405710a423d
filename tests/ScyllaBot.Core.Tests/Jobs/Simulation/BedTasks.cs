using System.ComponentModel;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Jobs.Simulation;

/// <summary>The shipped catalogue and the tasks that only tests need: each does what the bed's ports say under its name.</summary>
internal static class BedTasks
{
    public static TaskCatalog Catalog { get; } = new([.. typeof(TaskCatalog).Assembly.GetTypes(), .. typeof(BedTasks).GetNestedTypes()]);

    [Tag("probe", "Probe", Direction.Neutral, Risk.Low, Interruptible.Yes)]
    public sealed record Probe : ITask<ClusterContext>
    {
        [Description("What the bed knows it by")]
        public string Does { get; init; } = "nothing";

        public IReadOnlyList<ICondition<ClusterContext>> Preconditions => [];

        public Task ExecuteAsync(ClusterContext context, CancellationToken ct) => ((WorldPorts)context.Http).ProbeAsync(Does, context, ct);
    }

    /// <summary>Takes the node down as far as the engine knows.</summary>
    [Tag("take-down", "Take down", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
    public sealed record TakeDown : ITask<NodeContext>
    {
        [Description("What the bed knows it by")]
        public string Does { get; init; } = "nothing";

        public IReadOnlyList<ICondition<NodeContext>> Preconditions => [new Holds { What = "take-down" }];

        public Task ExecuteAsync(NodeContext context, CancellationToken ct) => ((WorldPorts)context.Http).ProbeAsync(Does, context, ct);
    }

    /// <summary>Holds when the bed says so.</summary>
    [Tag("holds", "Holds")]
    public sealed record Holds : ICondition<ClusterContext>
    {
        [Description("What the bed knows it by")]
        public string What { get; init; } = "it";

        public Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct) =>
            Task.FromResult(((WorldPorts)context.Http).WhyNot(What, context));
    }
}
