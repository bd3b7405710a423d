using System.Globalization;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Doctor;

/// <summary>What somebody may do in a channel: roles of the guild, then the channel's overwrites (docs: Topics, Permissions).</summary>
internal static class ChannelPermissions
{
    public const ulong Administrator = 1UL << 3;
    public const ulong View = 1UL << 10;
    public const ulong ReadHistory = 1UL << 16;
    public const ulong MentionEveryone = 1UL << 17;

    /// <summary>What cards, their threads and looking for one's own messages need. Names as Discord's settings show them.</summary>
    public static ImmutableArray<(string Name, ulong Bit)> Needed { get; } =
    [
        ("View Channel", View), ("Send Messages", 1UL << 11), ("Embed Links", 1UL << 14), ("Read Message History", ReadHistory),
        ("Create Public Threads", 1UL << 35), ("Send Messages in Threads", 1UL << 38),
    ];

    /// <summary>All of <see cref="Needed"/>.</summary>
    public static ulong Invite { get; } = Needed.Aggregate(0UL, (all, one) => all | one.Bit);

    /// <param name="facts">Whose roles.</param>
    /// <param name="channel">As the API describes it.</param>
    public static ulong Of(GuildFacts facts, JsonElement channel)
    {
        var bits = facts.Roles.Where(r => r.Key == facts.Guild || facts.BotRoles.Contains(r.Key)).Aggregate(0UL, (all, r) => all | r.Value.Permissions);
        if ((bits & Administrator) != 0 || facts.IsOwner)
        {
            return ulong.MaxValue;
        }

        var overwrites = channel.Items("permission_overwrites").Select(o => (Id: o.Text("id"), Allow: Bits(o, "allow"), Deny: Bits(o, "deny"))).ToList();
        foreach (var everyone in overwrites.Where(o => o.Id == facts.Guild))
        {
            bits = (bits & ~everyone.Deny) | everyone.Allow;
        }

        // All roles' denials first, then all their allowances: the order of the roles does not matter.
        var roles = overwrites.Where(o => facts.BotRoles.Contains(o.Id)).ToList();
        bits = roles.Aggregate(bits, (all, o) => all & ~o.Deny);
        bits = roles.Aggregate(bits, (all, o) => all | o.Allow);
        foreach (var own in overwrites.Where(o => o.Id == facts.Bot))
        {
            bits = (bits & ~own.Deny) | own.Allow;
        }

        // Who can not see a channel can do nothing in it.
        return (bits & View) == 0 ? 0 : facts.IsTimedOut ? bits & (View | ReadHistory) : bits;
    }

    public static ulong Bits(JsonElement of, string name) => ulong.TryParse(of.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? bits : 0;
}
