using ScyllaBot.Core.Control;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Doctor;

/// <summary>Each configured channel is there, and the bot may do in it what it does there.</summary>
internal sealed class ChannelsCheck : IGuildCheck
{
    /// <summary>Text and announcement channels; threads have their channel's permissions and end.</summary>
    private static readonly int[] Fit = [0, 5];

    public string Id => "discord-channels";

    public IEnumerable<DoctorFinding> Look(GuildFacts facts, DiscordOptions options) => options.Channels.Count == 0
        ? [DoctorFinding.Broken(Id, "no channel is configured: the bot hears no command and shows no card", "name one, such as ScyllaBot:Discord:Channels:ops, with the channel's id")]
        : options.Channels.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Look(facts, c.Key, c.Value));

    private DoctorFinding Look(GuildFacts facts, string name, string id)
    {
        if (!facts.Channels.TryGetValue(id, out var channel))
        {
            return DoctorFinding.Broken(
                Id, $"{name}: the guild has no channel {Core.Chat.Markup.Cut(id, 40)}",
                $"set ScyllaBot:Discord:Channels:{name} to the id of a text channel of this guild (Discord's developer mode, Copy Channel ID)");
        }

        if (!Fit.Contains(channel.Int("type")))
        {
            return DoctorFinding.Broken(Id, $"{name}: #{channel.Text("name")} is no text channel", $"set ScyllaBot:Discord:Channels:{name} to the id of a text channel");
        }

        var may = ChannelPermissions.Of(facts, channel);
        var missing = ChannelPermissions.Needed.Where(n => (may & n.Bit) == 0).Select(n => n.Name).ToList();
        return missing.Count == 0 ? DoctorFinding.Ok(Id, $"{name}: #{channel.Text("name")}, all permissions")
            : (may & ChannelPermissions.View) == 0
            ? DoctorFinding.Broken(Id, $"{name}: the bot can not see #{channel.Text("name")}", "give its role View Channel there (Edit Channel, Permissions), and what else it needs: " + Names())
            : DoctorFinding.Broken(Id, $"{name}: in #{channel.Text("name")} the bot lacks {string.Join(", ", missing)}", $"allow its role there (Edit Channel, Permissions): {string.Join(", ", missing)}");
    }

    private static string Names() => string.Join(", ", ChannelPermissions.Needed.Skip(1).Select(n => n.Name));
}
