using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tasks;

public sealed partial class TaskCatalog
{
    /// <summary>docs/tasks.md, whole.</summary>
    public string Markdown()
    {
        var page = new StringBuilder("# Tasks and conditions\n\n")
            .Append("Generated from the catalogue; a test compares it. How a workflow is written: [workflows.md](workflows.md); how a task is: [writing-a-task.md](writing-a-task.md).\n");
        Chapter(page, "Node tasks", All.Where(d => d is { IsTask: true, NeedsNode: true }));
        Chapter(page, "Cluster tasks", All.Where(d => d is { IsTask: true, NeedsNode: false }));
        Chapter(page, "Node conditions", All.Where(d => d is { IsTask: false, NeedsNode: true }));
        Chapter(page, "Cluster conditions", All.Where(d => d is { IsTask: false, NeedsNode: false }));
        page.Append("\n## What a workflow has\n\n");
        InputTable.Append(page, Input.AllOf(typeof(Workflow)));
        page.Append("\n### `variables` and the inputs of macros\n\n");
        InputTable.Append(page, Input.AllOf(typeof(Variable)));
        page.Append("\n### `window`\n\n");
        InputTable.Append(page, Input.AllOf(typeof(MaintenanceWindow)));
        page.Append("\n### `macros`\n\n");
        InputTable.Append(page, Input.AllOf(typeof(Macro)));
        page.Append("\nIn the place of steps:\n\n");
        InputTable.Append(page, Input.AllOf(typeof(MacroUse)));
        page.Append("\n### `guards` and `skip_when`\n\n");
        InputTable.Append(page, Input.AllOf(typeof(Criterion<NodeContext>)));
        page.Append("\n## What every step has\n\n");
        InputTable.Append(page, Input.AllOf(typeof(Step<NodeContext>)));
        page.Append("\n### `approval`\n\n");
        InputTable.Append(page, Input.AllOf(typeof(ApprovalGate)));
        page.Append("\n## What every check has\n\n");
        InputTable.Append(page, Input.AllOf(typeof(ConditionCheck<NodeContext>)));
        return page.ToString();
    }

    private static void Chapter(StringBuilder page, string title, IEnumerable<Definition> definitions)
    {
        page.Append($"\n## {title}\n");
        foreach (var definition in definitions)
        {
            Append(page, definition);
        }
    }

    private static void Append(StringBuilder page, Definition definition)
    {
        var tag = definition.Tag;
        page.Append($"\n### `!{tag.Name}`: {tag.Title}\n\n");
        if (definition.IsTask)
        {
            page.Append($"Direction: {Words(tag.Direction)}. Risk: {Words(tag.Risk)}. Interruptible: {Words(tag.Interruptible)}.\n");
            page.Append($"Before it: {(definition.Preconditions.IsEmpty ? "nothing" : string.Join("; ", definition.Preconditions))}.\n");
        }

        if (definition.Inputs.IsEmpty)
        {
            page.Append(definition.IsTask ? "\nNo inputs.\n" : "No inputs.\n");
        }
        else
        {
            page.Append(definition.IsTask ? "\n" : "");
            InputTable.Append(page, definition.Inputs);
        }

        Example(page, definition);
    }

    private static void Example(StringBuilder page, Definition definition)
    {
        page.Append($"\n```yaml\n- {(definition.IsTask ? "task" : "condition")}: !{definition.Tag.Name}\n");
        foreach (var line in definition.Example.Split('\n').Where(line => line.Length > 0))
        {
            page.Append("    ").Append(line).Append('\n');
        }

        page.Append("```\n");
    }

    private static string Words(object name) => InputTable.Words(name);
}
