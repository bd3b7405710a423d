using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot;

/// <summary>
/// Reads the workflow folder. A file with mistakes does not stop the bot: it can not be run, and says why. One that can not be read whole does: it is
/// never left out in silence.
/// </summary>
internal static class WorkflowFiles
{
    /// <exception cref="StartRefusedException">There is no such folder, or not everything in it can be read.</exception>
    public static WorkflowLibrary Load(string folder)
    {
        var found = Directory.Exists(folder) ? folder : Path.Combine(AppContext.BaseDirectory, folder);
        if (!Directory.Exists(found))
        {
            throw new StartRefusedException($"There is no workflow folder {folder}: set ScyllaBot:Workflows or --workflows.");
        }

        var files = FilesIn(found);
        return files.Length <= WorkflowLimits.MostFiles ? WorkflowLibrary.Of([.. files.Select(f => (Path.GetFileName(f), Read(f)))], TaskCatalog.Core)
            : throw new StartRefusedException($"The workflow folder {found} has {files.Length} workflows, more than {WorkflowLimits.MostFiles}.");
    }

    private static string[] FilesIn(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The workflow folder {folder} can not be read: {unreadable.Message}");
        }
    }

    private static string Read(string file)
    {
        try
        {
            return BoundedText.Read(file, WorkflowLimits.LongestFile)
                ?? throw new StartRefusedException($"The workflow {file} is longer than {WorkflowLimits.LongestFile / 1024} KiB: no workflow is.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The workflow {file} can not be read: {unreadable.Message}");
        }
    }
}
