using ScyllaBot.Testing;

namespace ScyllaBot.Tests;

/// <summary>The repository these tests were built from.</summary>
internal static class SourceTree
{
    public static string Root => RepositoryFiles.Root;

    public static string Src { get; } = Path.Combine(Root, "src");

    /// <summary>C# files below src, without what was generated.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Src, "*.cs", SearchOption.AllDirectories).Where(f => !Parts(f).Any(p => p is "obj" or "bin")).Order(StringComparer.Ordinal)];

    public static string Relative(string file) => Path.GetRelativePath(Root, file);

    private static string[] Parts(string file) => Path.GetRelativePath(Src, file).Split(Path.DirectorySeparatorChar);
}
