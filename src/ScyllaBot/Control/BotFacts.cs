using System.Reflection;
using ScyllaBot.Discord;

namespace ScyllaBot.Control;

/// <summary>What the bot can tell of itself.</summary>
internal sealed record BotFacts(DateTimeOffset Started, bool IsSandbox, DiscordHealth Chat)
{
    public string Version { get; } = typeof(BotFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
