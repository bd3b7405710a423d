using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot;

/// <summary>Reads the workflow folder. A file with mistakes does not stop the bot: it can not be run, and says why.</summary>
internal static class WorkflowFiles
{
    private const int MaxFiles = 500;

    public static WorkflowLibrary Load(string folder)
    {
        var found = Directory.Exists(folder) ? folder : Path.Combine(AppContext.BaseDirectory, folder);
        if (!Directory.Exists(found))
        {
            throw new StartRefusedException($"There is no workflow folder {folder}: set ScyllaBot:Workflows or --workflows.");
        }

        var files = Directory.EnumerateFiles(found, "*.yaml").Order(StringComparer.Ordinal).Take(MaxFiles);
        return WorkflowLibrary.Of(files.Select(f => (Path.GetFileName(f), File.ReadAllText(f))), TaskCatalog.Core);
    }
}
