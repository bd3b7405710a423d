using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>A workflow bound for one job.</summary>
public sealed class LoadedWorkflow
{
    private readonly WorkflowSource _source;
    private readonly WorkflowValues _values;

    internal LoadedWorkflow(
        WorkflowSource source, Workflow workflow, ImmutableSortedDictionary<string, string> variables, WorkflowValues values) =>
        (_source, Workflow, Variables, _values) = (source, workflow, variables, values);

    /// <summary>How a node comes back when its workflow does not say it (R4).</summary>
    public static ImmutableArray<Step<NodeContext>> DefaultRestore { get; } =
    [
        new() { Task = new ScyllaBringBack(), Retries = 2, RetryDelay = TimeSpan.FromSeconds(10) },
        new()
        {
            Task = new WaitForConditions
            {
                // As patient as a node needs that replays its commit log first.
                Conditions =
                [
                    new() { Condition = new UpForAllPeers(), SuccessWindow = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromMinutes(30) },
                ],
            },
        },
    ];

    /// <summary>For plans and cluster steps. In node steps the node is a placeholder: run those of <see cref="NodeTasksFor"/>.</summary>
    public Workflow Workflow { get; }

    /// <summary>Every variable with its value, given or default; what a job stores to bind the same again.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; }

    /// <param name="path">Of the node workflow: <c>1</c>, <c>2</c> …, or <c>a1</c> under <c>always</c>.</param>
    /// <param name="node">Whose values the steps get.</param>
    /// <exception cref="UnrecoverableException">They do not bind for that node: it was not in the cluster.</exception>
    public ImmutableArray<Step<NodeContext>> NodeTasksFor(string path, Node node) =>
        _source.BindSteps(path, "node_tasks", Variables, _values, node);

    /// <summary>What the node is passed over by, when all of it holds.</summary>
    /// <inheritdoc cref="NodeTasksFor"/>
    public ImmutableArray<Criterion<NodeContext>> SkipWhenFor(string path, Node node) => _source.BindCriteria(path, Variables, _values, node);

    /// <summary>Its restore steps, or the default ones (R4).</summary>
    /// <inheritdoc cref="NodeTasksFor"/>
    public ImmutableArray<Step<NodeContext>> RestoreFor(string path, Node node) =>
        _source.BindSteps(path, "restore", Variables, _values, node) is { IsEmpty: false } own ? own : DefaultRestore;
}
