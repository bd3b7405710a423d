using ScyllaBot.Core.Chat;

namespace ScyllaBot.Discord.Cards;

/// <summary>
/// An embed that never breaks a limit: what does not fit is cut, and what is left of 6000 characters goes to the parts in order.
/// </summary>
internal static class EmbedCard
{
    /// <summary>Kept for the parts, so that a long description does not push them all out.</summary>
    private const int PartsReserve = 1500;

    /// <summary>An empty name or value is refused by Discord.</summary>
    private const string Blank = "\u200b";

    public static JsonObject Of(Notice notice)
    {
        var left = CardLimits.Embeds;
        var title = Take(notice.Title, CardLimits.Title, ref left);
        var footer = Take(notice.Footer, CardLimits.Footer, ref left);
        var reserve = Math.Min(PartsReserve, notice.Parts.Sum(p => p.Name.Length + p.Text.Length + (2 * Blank.Length)));
        left -= reserve;
        var body = Take(notice.Body, CardLimits.Description, ref left);
        left += reserve;
        var fields = new JsonArray();
        foreach (var part in notice.Parts.Take(CardLimits.Fields))
        {
            if (left < 2)
            {
                break;
            }

            // One character is kept back for the value, which must not be empty.
            left--;
            var name = Take(part.Name.Length == 0 ? Blank : part.Name, CardLimits.FieldName, ref left);
            left++;
            var value = Take(part.Text.Length == 0 ? Blank : part.Text, CardLimits.FieldValue, ref left);
            fields.Add(new JsonObject { ["name"] = name, ["value"] = value, ["inline"] = part.Inline });
        }

        var embed = new JsonObject { ["color"] = Color(notice.Severity) };
        Put(embed, "title", title);
        Put(embed, "description", body);
        if (fields.Count > 0)
        {
            embed["fields"] = fields;
        }

        if (footer.Length > 0)
        {
            embed["footer"] = new JsonObject { ["text"] = footer };
        }

        return embed;
    }

    private static int Color(Severity severity) => severity switch
    {
        Severity.Working => 0x3498DB,
        Severity.Waiting => 0x9B59B6,
        Severity.Good => 0x2ECC71,
        Severity.Warning => 0xF1C40F,
        Severity.Bad => 0xE74C3C,
        Severity.Muted => 0x95A5A6,
        _ => 0x5865F2,
    };

    private static string Take(string text, int limit, ref int left)
    {
        var max = Math.Min(limit, left);
        if (max <= 0 || text.Length == 0)
        {
            return "";
        }

        var cut = max == 1 && text.Length > 1 ? "…" : Markup.Cut(text, max);
        left -= cut.Length;
        return cut;
    }

    private static void Put(JsonObject embed, string name, string text)
    {
        if (text.Length > 0)
        {
            embed[name] = text;
        }
    }
}
