namespace ScyllaBot.Discord.Doctor;

/// <param name="Name">As members read it.</param>
/// <param name="Permissions">Its bits.</param>
/// <param name="IsMentionable">By everybody.</param>
internal sealed record GuildRole(string Name, ulong Permissions, bool IsMentionable);

/// <summary>What Discord says of the guild and of the bot in it.</summary>
internal sealed record GuildFacts
{
    public required string Application { get; init; }

    /// <summary>The user that the bot's messages are by.</summary>
    public required string Bot { get; init; }

    /// <summary>Its id, which is also the id of the role everyone.</summary>
    public required string Guild { get; init; }

    public required bool IsOwner { get; init; }

    public required ImmutableSortedSet<string> BotRoles { get; init; }

    /// <summary>It may only look, for a while.</summary>
    public required bool IsTimedOut { get; init; }

    public required ImmutableSortedDictionary<string, GuildRole> Roles { get; init; }

    /// <summary>By id.</summary>
    public required ImmutableSortedDictionary<string, JsonElement> Channels { get; init; }

    /// <summary>The guild's commands of this application; null when Discord does not tell.</summary>
    public required JsonElement? Commands { get; init; }
}
