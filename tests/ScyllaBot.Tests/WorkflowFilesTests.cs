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
    public void One_that_is_too_long_is_named()
    {
        File.WriteAllText(Path.Combine(_folder, "long.yaml"), new string('#', 1024 * 1024) + "\n");

        var refused = Assert.Throws<StartRefusedException>(() => WorkflowFiles.Load(_folder));

        Assert.Equal($"The workflow {Path.Combine(_folder, "long.yaml")} is longer than 1024 KiB: no workflow is.", refused.Message);
    }

    [Fact]
    public void More_files_than_are_read_are_refused_and_none_is_left_out()
    {
        foreach (var number in Enumerable.Range(0, 501))
        {
            File.WriteAllText(Path.Combine(_folder, $"w{number:000}.yaml"), "");
        }

        var refused = Assert.Throws<StartRefusedException>(() => WorkflowFiles.Load(_folder));
        Assert.Equal($"The workflow folder {_folder} has 501 workflows, more than 500.", refused.Message);

        File.Delete(Path.Combine(_folder, "w000.yaml"));
        Assert.Equal(500, WorkflowFiles.Load(_folder).Errors.Select(e => e.File).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_file_with_mistakes_stops_nobody()
    {
        File.WriteAllText(Path.Combine(_folder, "bad.yaml"), "nonsense: [");

        Assert.NotEmpty(WorkflowFiles.Load(_folder).Errors);
    }
}
