using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Tasks;

/// <summary>A workflow around the example of one task or condition.</summary>
internal static class MinimalYaml
{
    private const string OnNodes = "name: n\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n";

    public static string For(Definition definition)
    {
        var tag = definition.Tag.Name;
        return (definition.IsTask, definition.NeedsNode) switch
        {
            (true, false) => $"name: n\ncluster_tasks:\n- task: !{tag}\n{Inputs(definition, 4)}",
            (true, true) => $"{OnNodes}    - task: !{tag}\n{Inputs(definition, 8)}",
            _ => $"{OnNodes}    - task: !wait-for-conditions\n        conditions:\n        - condition: !{tag}\n{Inputs(definition, 12)}",
        };
    }

    public static object Pick(Workflow workflow, Definition definition)
    {
        var first = workflow.ClusterTasks[0].Task;
        if (definition is { IsTask: true, NeedsNode: false })
        {
            return first;
        }

        var onNode = ((NodeWorkflow)first).NodeTasks[0].Task;
        return definition.IsTask ? onNode : ((WaitForConditions)onNode).Conditions[0].Condition;
    }

    private static string Inputs(Definition definition, int indent) =>
        string.Concat(definition.Example.Split('\n').Where(l => l.Length > 0).Select(l => new string(' ', indent) + l + "\n"));
}
