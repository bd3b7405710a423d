namespace ScyllaBot.Sandbox.Tests;

/// <summary>A test that reads the facts' companion data; skipped, with the reason shown, where that is not at hand.</summary>
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public const string Variable = "SCYLLABOT_SHARED";

    public SharedDataFactAttribute()
    {
        if (Root is null)
        {
            Skip = $"{Variable} does not name a directory that has data/scylla-swagger in it";
        }
    }

    /// <summary>`…/data/scylla-swagger`, or null.</summary>
    public static string? Root =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } shared
        && Path.Combine(shared, "data", "scylla-swagger") is var swagger
        && Directory.Exists(swagger)
            ? swagger
            : null;
}
