using ScyllaBot.Core.Control;

namespace ScyllaBot.Discord.Doctor;

/// <summary>A call for help really pings somebody.</summary>
internal sealed class OnCallCheck : IGuildCheck
{
    public string Id => "discord-on-call";

    public IEnumerable<DoctorFinding> Look(GuildFacts facts, DiscordOptions options)
    {
        if (options.OnCallRole is not { Length: > 0 } id)
        {
            return [DoctorFinding.Warning(Id, "no on-call role is configured: a job that halts calls its operator only", "set ScyllaBot:Discord:OnCallRole to the id of a role")];
        }

        if (!facts.Roles.TryGetValue(id, out var role))
        {
            return [DoctorFinding.Broken(Id, $"the guild has no role {Core.Chat.Markup.Cut(id, 40)}", "set ScyllaBot:Discord:OnCallRole to the id of a role of this guild")];
        }

        // Without either, the mention is text: nobody's telephone rings.
        var deaf = role.IsMentionable ? [] : options.Channels.Where(c => facts.Channels.TryGetValue(c.Value, out var channel)
            && (ChannelPermissions.Of(facts, channel) & ChannelPermissions.MentionEveryone) == 0).Select(c => c.Key).Order(StringComparer.Ordinal).ToList();
        return deaf.Count == 0
            ? [DoctorFinding.Ok(Id, $"@{role.Name} can be mentioned")]
            : [DoctorFinding.Broken(
                Id, $"@{role.Name} can not be mentioned by the bot in {string.Join(", ", deaf)}: its calls would ring nowhere",
                "let anyone mention the role (Server Settings, Roles, Allow anyone to @mention this role), or give the bot's role Mention Everyone")];
    }
}
