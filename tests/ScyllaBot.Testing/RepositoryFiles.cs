namespace ScyllaBot.Testing;

/// <summary>Files of this repository, wherever the tests were built to.</summary>
public static class RepositoryFiles
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string PathOf(string file) => Path.Combine(Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string Find(string from) => File.Exists(Path.Combine(from, "ScyllaBot.sln"))
        ? from
        : Find(Path.GetDirectoryName(from) ?? throw new InvalidOperationException("the tests do not run inside the repository"));
}
