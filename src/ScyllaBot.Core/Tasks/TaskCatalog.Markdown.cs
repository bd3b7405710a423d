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
            .Append("Generated from the catalogue; a test compares it. How a workflow is written: `workflows/rolling_restart.yaml`.\n");
        Chapter(page, "Node tasks", All.Where(d => d is { IsTask: true, NeedsNode: true }));
        Chapter(page, "Cluster tasks", All.Where(d => d is { IsTask: true, NeedsNode: false }));
        Chapter(page, "Node conditions", All.Where(d => d is { IsTask: false, NeedsNode: true }));
        Chapter(page, "Cluster conditions", All.Where(d => d is { IsTask: false, NeedsNode: false }));
        page.Append("\n## What every step has\n\n");
        Table(page, Input.AllOf(typeof(Step<NodeContext>)));
        page.Append("\n### `approval`\n\n");
        Table(page, Input.AllOf(typeof(ApprovalGate)));
        page.Append("\n## What every check has\n\n");
        Table(page, Input.AllOf(typeof(ConditionCheck<NodeContext>)));
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
            Table(page, definition.Inputs);
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

    private static void Table(StringBuilder page, ImmutableArray<Input> inputs)
    {
        page.Append("| Input | Value | Default | |\n|---|---|---|---|\n");
        foreach (var input in inputs)
        {
            var otherwise = input.Required ? "required" : Cell(Input.Spell(input.Default));
            page.Append($"| `{input.Name}` | {Shape(input)} | {otherwise} | {Cell(input.Description)} |\n");
        }
    }

    private static string Shape(Input input)
    {
        var shape = (input.ItemType is { } item ? "list of " + Name(item) : Name(input.Type))
            + (input.Choices.IsEmpty ? "" : ": " + string.Join(", ", input.Choices))
            + (input.Range is { } range ? $", {Spelt(range, range.Minimum)} to {Spelt(range, range.Maximum)}" : "")
            + (input.Pattern is { } pattern ? $", `{pattern}`" : "")
            + (input.MinCount > 0 ? $", at least {input.MinCount}" : "");
        return Cell(shape);
    }

    /// <summary>A range of durations holds their text until it is first used.</summary>
    private static string Spelt(RangeAttribute range, object bound) => Input.Spell(
        range.OperandType == typeof(TimeSpan) && bound is string text
            ? TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : bound);

    private static string Name(Type type)
    {
        var name = type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
        return type == typeof(TimeSpan) ? "seconds"
            : type == typeof(string) ? "text"
            : type == typeof(int) ? "integer"
            : type == typeof(double) ? "number"
            : type == typeof(bool) ? "true or false"
            : type.IsEnum ? "one of"
            : name.StartsWith('I') && type.IsInterface ? Words(name[1..]) : Words(name);
    }

    private static string Words(object name) => Input.Snake(name.ToString()!).Replace('_', ' ');

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
