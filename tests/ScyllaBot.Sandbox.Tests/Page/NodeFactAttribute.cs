namespace ScyllaBot.Sandbox.Tests.Page;

/// <summary>A fact that needs `node` (20 or newer) on the PATH, and is skipped with that reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (Path is null)
        {
            Skip = "node is not on the PATH: the page's script tests (tests/page-js) did not run.";
        }
    }

    /// <summary>Where node is; null when it is not installed.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node"))
        .FirstOrDefault(File.Exists);
}
