using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot;

/// <summary>Reads the workflow folder. A file with mistakes does not stop the bot: it can not be run, and says why.</summary>
internal static class WorkflowFiles
{
    private const int MaxFiles = 500;

    /// <exception cref="StartRefusedException">There is no such folder, or not everything in it can be read.</exception>
    public static WorkflowLibrary Load(string folder)
    {
        var found = Directory.Exists(folder) ? folder : Path.Combine(AppContext.BaseDirectory, folder);
        if (!Directory.Exists(found))
        {
            throw new StartRefusedException($"There is no workflow folder {folder}: set ScyllaBot:Workflows or --workflows.");
        }

        var files = Directory.EnumerateFiles(found, "*.yaml").Order(StringComparer.Ordinal).Take(MaxFiles);
        return WorkflowLibrary.Of(files.Select(f => (Path.GetFileName(f), Read(f))), TaskCatalog.Core);
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The workflow {file} can not be read: {unreadable.Message}");
        }
    }
}
