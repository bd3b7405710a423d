using System.Reflection;

namespace ScyllaBot;

/// <summary>What the bot can tell of itself: what runs, and since when.</summary>
internal sealed record BotFacts(bool IsSandbox, DateTimeOffset Started)
{
    public string Version { get; } = typeof(BotFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
