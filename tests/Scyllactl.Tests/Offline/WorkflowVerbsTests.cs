using System.Text.Json;
using ScyllaBot.Testing;
using Scyllactl.Tests.Support;

namespace Scyllactl.Tests.Offline;

public sealed class WorkflowVerbsTests : IDisposable
{
    private const string Good = "name: Good\ndescription: For tests\nvariables:\n  - name: patience\n    type: duration\n    default: 90\n    description: How long\ncluster_tasks:\n  - task: !get-repair-status\n";
    private const string Bad = "name: Bad\ncluster_tasks:\n  - task: !get-repair-stats\n  - task: !get-repair-status\n    retrys: 3\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("ctl").FullName;

    private Prompt Here => new() { Folder = _folder };

    public WorkflowVerbsTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "workflows"));
        Write("workflows/good.yaml", Good);
    }

    [Fact]
    public async Task Every_error_of_every_file_is_told_with_its_place_and_the_exit_code_is_1()
    {
        Write("workflows/bad.yaml", Bad);
        Write("other.yaml", "name: Other\n");

        var said = await Here.SayAsync("workflow", "validate", "workflows", "other.yaml");

        Assert.Equal(ExitCodes.Failed, said.Code);
        var lines = said.Out.TrimEnd().Split('\n');
        Assert.Contains(lines, l => l.StartsWith("workflows/bad.yaml:3:", StringComparison.Ordinal) && l.Contains("get-repair-status"));
        Assert.Contains(lines, l => l.StartsWith("workflows/bad.yaml:5:", StringComparison.Ordinal) && l.Contains("retries"));
        Assert.Contains(lines, l => l.StartsWith("other.yaml:", StringComparison.Ordinal));
        Assert.StartsWith("3 files, ", said.Errors);
    }

    [Fact]
    public async Task Files_without_errors_are_counted_and_the_exit_code_is_0()
    {
        var said = await Here.SayAsync("workflow", "validate");

        Assert.Equal((ExitCodes.Done, "", "1 file, no errors\n"), (said.Code, said.Out, said.Errors));
    }

    [Fact]
    public async Task The_schema_is_the_published_one_and_so_are_the_editors_tags()
    {
        Assert.Equal((ExitCodes.Done, Published("workflow.schema.json")), Short(await Here.SayAsync("workflow", "schema")));
        Assert.Equal((ExitCodes.Done, Published("workflow.vscode.json")), Short(await Here.SayAsync("workflow", "schema", "--vscode")));

        static (int Code, string Out) Short(Said said) => (said.Code, said.Out);

        static string Published(string file) => RepositoryFiles.Read($"docs/{file}");
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_a_wrong_command_line_and_no_error_of_a_workflow()
    {
        var said = await Here.SayAsync("workflow", "validate", "nowhere.yaml");

        Assert.Equal((ExitCodes.Refused, "There is no nowhere.yaml.\n"), (said.Code, said.Errors));
    }

    [Theory]
    [InlineData("workflow", "validate", "nothing")]
    [InlineData("workflow", "validate", "workflows", "nothing")]
    [InlineData("workflow", "validate", "--workflows", "nothing", "-o", "json")]
    [InlineData("workflow", "list", "--workflows", "nothing")]
    public async Task A_folder_without_workflows_is_not_one_without_errors(params string[] args)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "nothing"));
        Write("nothing/mine.yml", Bad);

        var said = await Here.SayAsync(args);

        Assert.Equal((ExitCodes.Refused, ""), (said.Code, said.Out));
        Assert.Matches(@"^There is no \*\.yaml in \S*nothing\.\n$", said.Errors);
    }

    [Fact]
    public async Task Programs_read_errors_as_one_document()
    {
        Write("workflows/bad.yaml", Bad);

        var said = await Here.SayAsync("workflow", "validate", "-o", "json");

        using var json = JsonDocument.Parse(said.Out);
        Assert.Equal(2, json.RootElement.GetProperty("files").GetInt32());
        var first = json.RootElement.GetProperty("errors")[0];
        Assert.EndsWith("bad.yaml", first.GetProperty("file").GetString());
        Assert.Equal((3, "get-repair-status"), (first.GetProperty("line").GetInt32(), first.GetProperty("suggestion").GetString()!.TrimStart('!')));
        Assert.Equal("", said.Errors);
    }

    [Fact]
    public async Task A_workflow_is_shown_with_what_can_be_given_to_it()
    {
        var said = await Here.SayAsync("workflow", "show", "good");

        Assert.Contains("--var patience=", said.Out);
        Assert.Contains("How long", said.Out);
        Assert.EndsWith("- task: !get-repair-status\n", said.Out);
    }

    [Fact]
    public async Task A_misspelt_workflow_is_answered_with_the_nearest_name()
    {
        var said = await Here.SayAsync("workflow", "show", "god");

        Assert.Equal((ExitCodes.Refused, "There is no workflow god; did you mean good.\n"), (said.Code, said.Errors));
    }

    [Fact]
    public async Task Without_a_folder_it_says_where_it_looked()
    {
        var said = await new Prompt { Folder = Path.Combine(_folder, "workflows") }.SayAsync("workflow", "list");

        Assert.Equal(ExitCodes.Refused, said.Code);
        Assert.Contains("--workflows DIR", said.Errors);
    }

    [Fact]
    public async Task Tasks_are_listed_and_shown_with_types_defaults_direction_and_an_example()
    {
        var list = await Here.SayAsync("task", "list");
        var show = await Here.SayAsync("task", "show", "!systemd-start-service");

        Assert.Contains("scylla-drain", list.Out);
        Assert.Contains("takes down", list.Out.Split('\n').Single(l => l.StartsWith("scylla-drain ", StringComparison.Ordinal)));
        Assert.Contains("destructive", list.Out.Split('\n').Single(l => l.StartsWith("decommission ", StringComparison.Ordinal)));
        Assert.Contains("brings up", show.Out);
        Assert.Contains("required", show.Out.Split('\n').Single(l => l.StartsWith("service ", StringComparison.Ordinal)));
        Assert.EndsWith("- task: !systemd-start-service\n    service: scylla-server\n", show.Out);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
