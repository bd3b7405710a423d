using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>A one-off task is a one-step job (R18): its workflow, so that it is bound, stored and resumed like any other.</summary>
public static class TaskWorkflow
{
    // Readable in the job's stored text; inside double quotes it stays plain text for YAML whatever it holds.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="definition">What to do.</param>
    /// <param name="inputs">Input → value as typed; a list's items separated by commas.</param>
    /// <param name="overNodes">Run it on the job's target nodes; always so for a task that needs a node.</param>
    public static string Text(Definition definition, IReadOnlyDictionary<string, string> inputs, bool overNodes)
    {
        var text = new StringBuilder($"name: {Quote(definition.Tag.Title)}\ncluster_tasks:\n");
        var indent = "  ";
        if (overNodes || definition.NeedsNode)
        {
            text.Append($"  - task: !node-workflow\n      name: {Quote(definition.Tag.Title)}\n      node_tasks:\n");
            indent = "        ";
        }

        text.Append($"{indent}- task: !{definition.Tag.Name}\n");
        foreach (var (name, value) in inputs.OrderBy(i => i.Key, StringComparer.Ordinal))
        {
            var isList = definition.Inputs.Any(i => i.Name == name && i.ItemType is not null);
            text.Append($"{indent}    {Quote(name)}: {(isList ? List(value) : Quote(value))}\n");
        }

        return text.ToString();
    }

    private static string List(string value) => $"[{string.Join(", ", Yaml.Templates.ItemsOf(value).Select(Quote))}]";

    private static string Quote(string text) => JsonSerializer.Serialize(text, Readable);
}
