using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

/// <summary>The files of workflows/ as they are shipped.</summary>
internal static class WorkflowFolder
{
    public static IReadOnlyList<(string File, string Text)> All { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryFiles.PathOf("workflows"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), File.ReadAllText(path))),
    ];

    /// <summary>Without their ending.</summary>
    public static IEnumerable<string> Names => All.Select(file => Path.GetFileNameWithoutExtension(file.File));
}
