namespace ScyllaBot.Tests;

/// <summary>The folder of workflows at start: what can not be read whole is refused by name, never left out in silence.</summary>
public sealed class WorkflowFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-wf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_that_can_not_be_read_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "a.yaml"), "tasks: []");
        File.CreateSymbolicLink(Path.Combine(_folder, "gone.yaml"), "/nowhere/gone.yaml");

        var refused = Assert.Throws<StartRefusedException>(() => WorkflowFiles.Load(_folder));

        Assert.StartsWith($"The workflow {Path.Combine(_folder, "gone.yaml")} can not be read: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_mistakes_stops_nobody()
    {
        File.WriteAllText(Path.Combine(_folder, "bad.yaml"), "nonsense: [");

        Assert.NotEmpty(WorkflowFiles.Load(_folder).Errors);
    }
}
