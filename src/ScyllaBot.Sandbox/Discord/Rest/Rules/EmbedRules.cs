using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.Rest.Rules;

/// <summary>Embeds and their limits (docs: Message, Embed Limits).</summary>
internal static class EmbedRules
{
    private const int MaxTotal = 6_000;

    public static void Check(Form form)
    {
        var total = 0;
        foreach (var embed in form.Maps("embeds", 10))
        {
            var before = total;
            total += Length(embed.Text("title", 256)) + Length(embed.Text("description", 4096));
            embed.Link("url");
            embed.Whole("color", 0, 0xFFFFFF);
            CheckTime(embed);
            total += CheckParts(embed);
            foreach (var field in embed.Maps("fields", 25))
            {
                total += Length(field.Text("name", 256, 1, required: true)) + Length(field.Text("value", 1024, 1, required: true));
                field.Truth("inline");
            }

            if (total == before && embed.Body["image"] is null && embed.Body["thumbnail"] is null && embed.Body["url"] is null)
            {
                embed.Required("description");
            }
        }

        if (total > MaxTotal)
        {
            form.Refuse("embeds", "MAX_EMBED_SIZE_EXCEEDED", $"Embed size exceeds maximum size of {MaxTotal}");
        }
    }

    /// <summary>RichEmbed of the description, as the message shows it.</summary>
    public static JsonArray Shown(JsonArray? embeds) =>
        new([
            .. embeds
                .Maps()
                .Select(embed =>
                {
                    var shown = new JsonObject { ["type"] = "rich" };
                    foreach (
                        var key in new[]
                        {
                            "url",
                            "title",
                            "description",
                            "color",
                            "timestamp",
                            "fields",
                            "author",
                            "image",
                            "thumbnail",
                            "footer",
                        }
                    )
                    {
                        if (embed[key] is { } value)
                        {
                            shown[key] = value.DeepClone();
                        }
                    }

                    foreach (var field in shown.List("fields").Maps())
                    {
                        field["inline"] ??= false;
                    }

                    if (shown.Text("timestamp") is { } time && DateTimeOffset.TryParse(time, out var at))
                    {
                        shown["timestamp"] = Snowflakes.Print(at);
                    }

                    return (JsonNode)shown;
                }),
        ]);

    private static int CheckParts(Form embed)
    {
        var total = 0;
        if (embed.Map("footer") is { } footer)
        {
            total += Length(footer.Text("text", 2048, 1, required: true));
            footer.Link("icon_url", attachments: true);
        }

        if (embed.Map("author") is { } author)
        {
            total += Length(author.Text("name", 256, 1, required: true));
            author.Link("url");
            author.Link("icon_url", attachments: true);
        }

        embed.Map("image")?.Link("url", attachments: true, required: true);
        embed.Map("thumbnail")?.Link("url", attachments: true, required: true);
        return total;
    }

    private static void CheckTime(Form embed)
    {
        if (embed.Text("timestamp", 100) is { } time && !DateTimeOffset.TryParse(time, out _))
        {
            embed.Refuse("timestamp", "DATE_TIME_TYPE_PARSE", $"Could not parse {time}. Should be ISO8601.");
        }
    }

    private static int Length(string? text) => text?.Trim().Length ?? 0;
}
