using Xunit;

namespace ScyllaBot.Testing;

/// <summary>A fact about the design material, which is not in this repository: skipped, and saying so, where it is not at hand.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    private const string Variable = "SCYLLABOT_SHARED";

    public SharedFactAttribute()
    {
        if (Root is null)
        {
            Skip = $"{Variable} does not name the folder of the design material";
        }
    }

    /// <summary>Null when there is none.</summary>
    public static string? Root => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } root && Directory.Exists(root) ? root : null;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root!, path));
}
