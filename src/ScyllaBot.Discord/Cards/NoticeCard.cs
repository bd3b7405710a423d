using ScyllaBot.Core.Chat;
using ScyllaBot.Discord.Rest;

namespace ScyllaBot.Discord.Cards;

/// <summary>A notice as a Discord message.</summary>
internal sealed class NoticeCard(RoleBook roles)
{
    /// <summary>
    /// A new message. Its footer carries the nonce, by which it is found again when nobody knows whether it was sent (R14).
    /// </summary>
    public OutgoingMessage Post(Notice notice, string nonce)
    {
        var footer = notice.Footer.Contains(nonce, StringComparison.Ordinal)
            ? notice.Footer
            : $"{Markup.Cut(notice.Footer, CardLimits.Footer - 40)} · {nonce}".TrimStart(' ', '·');
        return Render(notice with { Footer = footer }, mayPing: true) with { Nonce = nonce };
    }

    /// <summary>An edit pings nobody, whoever is mentioned.</summary>
    public OutgoingMessage Edit(Notice notice) => Render(notice, mayPing: false);

    /// <summary>For one person.</summary>
    public OutgoingMessage Private(Notice notice) => Render(notice, mayPing: false) with { IsEphemeral = true };

    /// <summary>What somebody with these roles may do.</summary>
    public Core.Jobs.Rights Rights(IEnumerable<string> roleIds) => roles.Rights(roleIds);

    private OutgoingMessage Render(Notice notice, bool mayPing)
    {
        ImmutableArray<string> people = [.. notice.Mentions.People.Where(IsId).Distinct(StringComparer.Ordinal).Take(20)];
        ImmutableArray<string> rolesToTell = [.. notice.Mentions.Roles.SelectMany(roles.Ids).Distinct(StringComparer.Ordinal).Take(20)];
        var calls = string.Join(' ', people.Select(id => $"<@{id}>").Concat(rolesToTell.Select(id => $"<@&{id}>")));
        var headline = Markup.Cut(notice.Headline, CardLimits.Content - calls.Length - 1);
        return new OutgoingMessage(mayPing ? new AllowedMentions(people, rolesToTell) : AllowedMentions.None)
        {
            Content = $"{headline} {calls}".Trim(),
            Embeds = [EmbedCard.Of(notice)],
            Components = ButtonRows.Of(notice.Choices),
        };
    }

    private static bool IsId(string id) => id.Length is > 0 and <= 20 && id.All(char.IsAsciiDigit);
}
