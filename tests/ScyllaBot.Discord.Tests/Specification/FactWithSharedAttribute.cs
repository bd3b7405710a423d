namespace ScyllaBot.Discord.Tests.Specification;

/// <summary>Needs Discord's own description, which is not part of the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithSharedAttribute : FactAttribute
{
    public FactWithSharedAttribute()
    {
        if (Description is null)
        {
            Skip = "SCYLLABOT_SHARED does not lead to data/discord-openapi.json";
        }
    }

    /// <summary>Path of the OpenAPI file; null when it is not there.</summary>
    internal static string? Description =>
        Environment.GetEnvironmentVariable("SCYLLABOT_SHARED") is { Length: > 0 } shared
        && Path.Combine(shared, "data", "discord-openapi.json") is var path && File.Exists(path)
            ? path
            : null;
}
