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
    public sealed record Holds : ICondition<ClusterContext>, ITellsHealth
    {
        [Description("What the bed knows it by")]
        public string What { get; init; } = "it";

        public Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct) =>
            Task.FromResult(((WorldPorts)context.Http).WhyNot(What, context));
    }

    /// <summary>Asks people what the bed says, and tells the bed the answer as <c>!probe</c> does.</summary>
    [Tag("ask", "Ask", Direction.Neutral, Risk.None, Interruptible.Yes)]
    public sealed record Ask : ITask<ClusterContext>, IAsksPeople
    {
        [Description("The question")]
        public string Text { get; init; } = "Go on?";

        [Description("What may be answered")]
        public IReadOnlyList<string> Choices { get; init; } = [];

        [Description("What text must match")]
        public string? Pattern { get; init; }

        public IReadOnlyList<ICondition<ClusterContext>> Preconditions => [];

        public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
        {
            var answer = await context.People.AskAsync(new HumanQuestion(Text, [.. Choices], Pattern), ct);
            await ((WorldPorts)context.Http).ProbeAsync(answer, context, ct);
        }
    }

    /// <summary>Holds while the bed's number is at most half more than before the node was touched.</summary>
    [Tag("near-baseline", "Near its baseline")]
    public sealed record NearBaseline : IBaselined<NodeContext>, ITellsHealth
    {
        [Description("What the bed knows it by")]
        public string What { get; init; } = "load";

        public string BaselineKey => What;

        public Task<double> MeasureAsync(NodeContext context, CancellationToken ct) => Task.FromResult(((WorldPorts)context.Http).Measure(What, context));

        public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
        {
            var (now, before) = (await MeasureAsync(context, ct), context.Baseline(BaselineKey));
            var most = (before ?? 0) * 1.5;
            context.Observe(new Reading(What, now, "ms", $"metrics of {context.Node.Name}") { Bound = most, Baseline = before });
            return now <= most ? null : $"{What} of {context.Node.Name} is {now:0}, more than {most:0}";
        }
    }
}
