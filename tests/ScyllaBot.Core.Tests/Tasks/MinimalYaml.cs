using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Tasks;

/// <summary>The shortest workflow that uses one task or condition: its required inputs and nothing else.</summary>
internal static class MinimalYaml
{
    public static string For(Definition definition)
    {
        var tag = definition.Tag.Name;
        var inputs = "{" + string.Join(", ", definition.Inputs.Where(i => i.Required).Select(i => $"{i.Name}: {Value(i)}")) + "}";
        return (definition.IsTask, definition.NeedsNode) switch
        {
            (true, false) => $"name: n\ncluster_tasks:\n- task: !{tag} {inputs}\n",
            (true, true) => $"name: n\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    - task: !{tag} {inputs}\n",
            _ => "name: n\ncluster_tasks:\n- task: !node-workflow\n    name: n\n    node_tasks:\n    - task: !wait-for-conditions\n"
                + $"        conditions:\n        - condition: !{tag} {inputs}\n",
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

    private static string Value(Input input) => input.Name switch
    {
        "node_tasks" => "[{task: !scylla-drain }]",
        "conditions" => "[{condition: !cluster-normal }]",
        "playbook" => "site.yml",
        "url" => "https://hooks.example/",
        _ when input.ItemType == typeof(string) => "[a]",
        _ when input.Type == typeof(string) => "a",
        _ when input.Type == typeof(int) => "1",
        _ => throw new InvalidOperationException($"say here what {input.Name} could be"),
    };
}
