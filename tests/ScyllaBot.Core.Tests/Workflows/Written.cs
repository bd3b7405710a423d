using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>Short ways to write a workflow and to look at what became of it.</summary>
internal static class Written
{
    public static WorkflowSource Source(string text) => WorkflowSource.Read("w.yaml", text, TaskCatalog.Core);

    public static LoadedWorkflow Loaded(string text, params (string Name, string Value)[] given) =>
        Source(text).Bind(TestClusters.Values(given)) switch
        {
            WorkflowBinding.Bound bound => bound.Loaded,
            WorkflowBinding.Invalid invalid => throw new Xunit.Sdk.XunitException(string.Join('\n', invalid.Errors)),
            _ => throw new InvalidOperationException(),
        };

    public static IReadOnlyList<FileError> Errors(string text, params (string Name, string Value)[] given) =>
        Source(text).Bind(TestClusters.Values(given)) is WorkflowBinding.Invalid invalid ? invalid.Errors : [];

    public static FileError TheError(string text, params (string Name, string Value)[] given) => Assert.Single(Errors(text, given));

    /// <summary>A workflow of one node workflow; the steps begin in line 5.</summary>
    public static string OnNodes(string steps) =>
        Indented("name: n\ncluster_tasks:\n  - task: !node-workflow\n      node_tasks:\n", steps, 8) + "      name: n\n";

    /// <summary>With variables of their own in front.</summary>
    public static string OnNodes(string steps, string variables) => Indented("variables:\n", variables, 2) + OnNodes(steps);

    public static Step<NodeContext> FirstStep(this LoadedWorkflow loaded) =>
        ((NodeWorkflow)loaded.Workflow.ClusterTasks[0].Task).NodeTasks[0];

    private static string Indented(string head, string lines, int by) =>
        head + string.Concat(lines.Split('\n').Select(line => $"{new string(' ', by)}{line}\n"));
}
