using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using Scyllactl.Show;

namespace Scyllactl.Offline;

/// <summary>Workflow files as authors have them, without any bot.</summary>
internal static class WorkflowFolder
{
    /// <summary>The folder that was meant: named, from the environment, here, or beside the program.</summary>
    /// <exception cref="StopException">There is none.</exception>
    public static string Find(string? named, Surroundings around)
    {
        string[] candidates = (named ?? around.Variable("SCYLLACTL_WORKFLOWS")) is { Length: > 0 } given
            ? [Path.Combine(around.Folder, given)]
            : [Path.Combine(around.Folder, "workflows"), Path.Combine(around.ProgramFolder, "workflows"), "/etc/scyllabot/workflows"];
        return Array.Find(candidates, Directory.Exists) ?? throw new StopException(
            ExitCodes.Refused, $"There is no folder of workflows: looked at {string.Join(", ", candidates)}. Say --workflows DIR.");
    }

    /// <summary>Of each path the file, or all the YAML files of a folder, in order.</summary>
    /// <exception cref="StopException">One is missing, a folder has none, or there are too many.</exception>
    public static IReadOnlyList<string> Files(IEnumerable<string> paths, Surroundings around)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            var full = Path.Combine(around.Folder, path);
            if (Directory.Exists(full))
            {
                var within = Directory.EnumerateFiles(full, "*.yaml").Order(StringComparer.Ordinal).Select(f => Path.Combine(path, Path.GetFileName(f))).ToArray();

                // Nothing that was looked at is not the same as nothing wrong.
                files.AddRange(within.Length > 0 ? within : throw new StopException(ExitCodes.Refused, $"There is no *.yaml in {Clean.Line(path, 200)}."));
            }
            else if (File.Exists(full))
            {
                files.Add(path);
            }
            else
            {
                throw new StopException(ExitCodes.Refused, $"There is no {Clean.Line(path, 200)}.");
            }
        }

        return files.Count <= WorkflowLimits.MostFiles ? files : throw new StopException(ExitCodes.Refused, $"{files.Count} files are more than {WorkflowLimits.MostFiles}.");
    }

    public static WorkflowSource Read(string file, Surroundings around)
    {
        var full = Path.Combine(around.Folder, file);
        if (new FileInfo(full).Length > WorkflowLimits.LongestFile)
        {
            throw new StopException(ExitCodes.Refused, $"{file} is longer than {WorkflowLimits.LongestFile / 1024} KiB: no workflow is.");
        }

        return WorkflowSource.Read(file, File.ReadAllText(full), TaskCatalog.Core);
    }

    /// <summary>What <c>job run</c> calls it.</summary>
    public static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);
}
