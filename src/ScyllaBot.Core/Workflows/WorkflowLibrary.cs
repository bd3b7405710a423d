using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Workflows;

/// <summary>The workflows that can be run, by name: the file's name without <c>.yaml</c>. The host reads the files.</summary>
public sealed class WorkflowLibrary
{
    private readonly ImmutableSortedDictionary<string, WorkflowSource> _sources;

    private WorkflowLibrary(ImmutableSortedDictionary<string, WorkflowSource> sources, ImmutableArray<FileError> errors) =>
        (_sources, Errors) = (sources, errors);

    /// <summary>A file with errors is in the library too: its errors say why it can not be run.</summary>
    public static WorkflowLibrary Of(IEnumerable<(string File, string Text)> files, TaskCatalog catalog)
    {
        var sources = ImmutableSortedDictionary.CreateBuilder<string, WorkflowSource>(StringComparer.Ordinal);
        var errors = ImmutableArray.CreateBuilder<FileError>();
        foreach (var (file, text) in files.OrderBy(f => f.File, StringComparer.Ordinal))
        {
            var source = WorkflowSource.Read(file, text, catalog);
            errors.AddRange(source.Errors);
            if (!sources.TryAdd(NameOf(file), source))
            {
                errors.Add(new FileError(file, 1, 1, $"another file is also called {NameOf(file)}"));
            }
        }

        return new WorkflowLibrary(sources.ToImmutable(), errors.ToImmutable());
    }

    /// <summary>Ordinal.</summary>
    public IEnumerable<string> Names => _sources.Keys;

    public IEnumerable<WorkflowSource> All => _sources.Values;

    /// <summary>Of all files, file by file.</summary>
    public ImmutableArray<FileError> Errors { get; }

    /// <returns>Null when there is none of that name.</returns>
    public WorkflowSource? Get(string name) => _sources.GetValueOrDefault(name);

    /// <returns>The name that was probably meant; null when nobody can tell.</returns>
    public string? NearestName(string name) => Nearest.To(name, Names);

    private static string NameOf(string file)
    {
        var name = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        return name.EndsWith(".yaml", StringComparison.Ordinal) ? name[..^".yaml".Length] : name;
    }
}
