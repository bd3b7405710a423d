using System.Text.Json.Nodes;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Workflows.Runs;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Core.Yaml;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>What docs/ publishes for editors is what the catalogue and the reader's records say today.</summary>
public sealed class WorkflowSchemaTests
{
    public const string Published = "docs/workflow.schema.json";
    public const string Settings = "docs/workflow.vscode.json";
    public const string Modeline = "# yaml-language-server: $schema=../docs/workflow.schema.json";

    [Fact]
    public void The_page_that_editors_check_by_is_the_generated_one() => Same(Published, WorkflowSchema.Of(TaskCatalog.Core));

    [Fact]
    public void The_page_of_editor_settings_is_the_generated_one() => Same(Settings, WorkflowSchema.EditorSettings(TaskCatalog.Core));

    [Fact]
    public void Every_shipped_workflow_begins_with_the_line_that_editors_find_the_schema_by() =>
        Assert.All(WorkflowFolder.All, file => Assert.StartsWith(Modeline + "\n", file.Text, StringComparison.Ordinal));

    [Fact]
    public void It_takes_for_a_variable_what_the_reader_takes_for_one() =>
        Assert.Equal(Templates.Template().ToString().Replace("?<name>", "", StringComparison.Ordinal), Bare(WorkflowSchema.Template));

    [Fact]
    public void Every_task_and_condition_has_its_inputs_with_their_descriptions_in_both_readings()
    {
        var schema = JsonNode.Parse(WorkflowSchema.Of(TaskCatalog.Core))!["definitions"]!.AsObject();
        foreach (var definition in TaskCatalog.Core.All)
        {
            var name = $"{(definition.IsTask ? "task" : "condition")}.{definition.Tag.Name}";
            var own = new[] { name, $"tagged.{name}" }.Where(schema.ContainsKey).Select(n => schema[n]!).ToArray();
            Assert.NotEmpty(own);
            Assert.All(own, o => Assert.Equal(
                definition.Inputs.Select(i => (i.Name, i.Description)),
                o["properties"]!.AsObject().Select(p => (p.Key, (string)p.Value!["description"]!))));
            Assert.All(own, o => Assert.Equal(
                definition.Inputs.Where(i => i.Required).Select(i => i.Name), o["required"]?.AsArray().Select(r => (string)r!) ?? []));
            Assert.All(own, o => Assert.False((bool)o["additionalProperties"]!));
        }
    }

    /// <summary>The reader's has the name in a group, the schema's has none.</summary>
    private static string Bare(string template) => $@"\+({template[2..^2]})\+";

    private static void Same(string file, string generated)
    {
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(RepositoryFiles.PathOf(file), generated);
        }

        // After a change of a task or of the language: SCYLLABOT_WRITE_DOCS=1 dotnet test tests/ScyllaBot.Core.Tests --filter WorkflowSchemaTests
        Assert.Equal(generated, RepositoryFiles.Read(file));
    }
}
