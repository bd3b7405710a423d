using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>Guild, channel and role, each time anew and from memory only; what it does not know it refuses.</summary>
internal sealed class GateKeeper(DiscordOptions options, RoleBook roles)
{
    /// <summary>The person with the rights of this moment.</summary>
    public Actor Actor(Interaction interaction)
    {
        // Roles of another guild are not ours to believe.
        ImmutableArray<string> ids = interaction.Guild == options.GuildId ? interaction.RoleIds : [];

        // Ids only: whoever may rename a role must not become an approver by it (R16).
        return new Actor(interaction.Person, roles.Rights(ids), ids, ChannelName(interaction), interaction.Id);
    }

    /// <summary>The configured name: what the engine knows channels by. In a thread it is the channel above it.</summary>
    private string ChannelName(Interaction interaction) =>
        options.Channels.FirstOrDefault(c => c.Value == interaction.Channel).Key
        ?? options.Channels.FirstOrDefault(c => c.Value == interaction.Parent).Key
        ?? interaction.Channel;

    /// <returns>Null when it may go on, otherwise what the person is told.</returns>
    public string? WhyNot(Interaction interaction, Actor actor, Rights needed)
    {
        if (interaction.Guild != options.GuildId || interaction.Person.Id.Length == 0)
        {
            return "This bot works in its own server only.";
        }

        if (!options.Channels.ContainsValue(interaction.Channel) && !options.Channels.ContainsValue(interaction.Parent))
        {
            var known = options.Channels.Keys.Order(StringComparer.Ordinal).Select(n => $"#{n}");
            return $"Not in this channel; use {string.Join(" or ", known)}.";
        }

        if (actor.Rights == Rights.None)
        {
            return "You have no role for ScyllaBot; ask whoever gives out the reader role.";
        }

        return actor.May(needed) ? null : $"That needs the {needed} right; you have {actor.Rights}.";
    }
}
