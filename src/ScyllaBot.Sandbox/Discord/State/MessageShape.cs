using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>Prints messages as MessageResponse of the OpenAPI description.</summary>
internal static class MessageShape
{
    /// <summary>The message as REST answers it.</summary>
    /// <param name="origin">Scheme and host of the attachment links.</param>
    /// <param name="nested">True inside another message, where references go no deeper.</param>
    public static JsonObject Json(this Message message, string origin, DateTimeOffset now, bool nested = false)
    {
        var hidden = message.Files.Where(file => ShownByEmbed(message, file)).ToHashSet();
        var json = new JsonObject
        {
            ["type"] = message.Type,
            ["content"] = message.Content,
            ["mentions"] = message.Mentions.UserObjects(),
            ["mention_roles"] = message.Mentions.RoleIds(),
            ["attachments"] = new JsonArray([
                .. message
                    .Files.Where(file => !hidden.Contains(file))
                    .Select(file => (JsonNode)file.Json(origin, now, message.IsEphemeral)),
            ]),
            ["embeds"] = Embeds(message, origin, now),
            ["timestamp"] = Snowflakes.Print(message.At),
            ["edited_timestamp"] = message.EditedAt is { } edited ? Snowflakes.Print(edited) : null,
            ["flags"] = message.Flags,
            ["components"] = Components(message, origin, now),
            ["id"] = message.Id.ToString(),
            ["channel_id"] = message.Channel.Id.ToString(),
            ["author"] = message.WebhookAuthor?.DeepClone() ?? (Person.Find(message.AuthorId) ?? Person.TheBot).User(),
            ["pinned"] = message.Pinned,
            ["mention_everyone"] = message.Mentions.Everyone,
            ["tts"] = message.Tts,
        };
        AddOptional(json, message, origin, now, nested);
        return json;
    }

    /// <summary>The gateway adds guild and member to what REST returns.</summary>
    public static JsonObject GatewayJson(this Message message, string origin, DateTimeOffset now)
    {
        var json = message.Json(origin, now);
        if (message.Channel.GuildId is { } guild)
        {
            json["guild_id"] = guild.ToString();
            if (message.WebhookId is null && Person.Find(message.AuthorId) is { } author)
            {
                json["member"] = author.Member(withUser: false);
            }
        }

        json["channel_type"] = message.Channel.Type;
        return json;
    }

    private static void AddOptional(JsonObject json, Message message, string origin, DateTimeOffset now, bool nested)
    {
        if (message.Nonce is not null)
        {
            json["nonce"] = message.Nonce.DeepClone();
        }

        if (message.WebhookId is { } webhook)
        {
            json["webhook_id"] = webhook.ToString();
        }

        if (message.Origin is { } interaction)
        {
            json["application_id"] = Known.Application.ToString();
            json["interaction_metadata"] = interaction.Metadata(message);
            if (interaction.LegacyMetadata() is { } legacy)
            {
                json["interaction"] = legacy;
            }
        }

        AddReference(json, message);
        if (!nested && message.Type is (Message.Reply or Message.ThreadStarter))
        {
            json["referenced_message"] = message.Referenced?.Json(origin, now, nested: true);
        }

        if (message.Thread is { } thread)
        {
            json["thread"] = thread.Json();
        }

        if (message.Channel.IsThread)
        {
            json["position"] = 0;
        }
    }

    private static void AddReference(JsonObject json, Message message)
    {
        if (message.Reference is not var (channel, target))
        {
            return;
        }

        var reference = new JsonObject { ["type"] = 0, ["channel_id"] = channel.ToString() };
        if (target is not null)
        {
            reference["message_id"] = target.ToString();
        }

        if (message.Channel.GuildId is { } guild)
        {
            reference["guild_id"] = guild.ToString();
        }

        json["message_reference"] = reference;
    }

    /// <summary>A file that an embed shows as attachment://name is not listed a second time.</summary>
    private static bool ShownByEmbed(Message message, Attachment file) =>
        message.Embeds.Maps().Any(embed => Links(embed).Any(link => link.Text("url") == "attachment://" + file.Filename));

    private static IEnumerable<JsonObject> Links(JsonObject embed) =>
        new[] { embed.Map("image"), embed.Map("thumbnail") }.OfType<JsonObject>();

    private static JsonArray Embeds(Message message, string origin, DateTimeOffset now)
    {
        if ((message.Flags & Message.SuppressEmbeds) != 0)
        {
            return [];
        }

        var embeds = message.Embeds.DeepClone().AsArray();
        foreach (var link in embeds.Maps().SelectMany(Links))
        {
            var file = message.Files.Find(candidate => link.Text("url") == "attachment://" + candidate.Filename);
            if (file is null)
            {
                continue;
            }

            link["url"] = file.Url(origin, now);
            link["proxy_url"] = file.Url(origin, now);
            link["width"] = file.Pixels?.Width ?? 0;
            link["height"] = file.Pixels?.Height ?? 0;
        }

        return embeds;
    }

    /// <summary>UnfurledMediaResponse for every link of a V2 component.</summary>
    private static JsonArray Components(Message message, string origin, DateTimeOffset now)
    {
        var components = message.Components.DeepClone().AsArray();
        foreach (var media in ComponentShape.Media(components))
        {
            var file = message.Files.Find(candidate => media.Text("url") == "attachment://" + candidate.Filename);
            media["id"] = (file?.Id ?? message.Id).ToString();
            media["url"] = file?.Url(origin, now) ?? media.Text("url");
            media["proxy_url"] = media.Text("url");
            media["width"] = file?.Pixels?.Width;
            media["height"] = file?.Pixels?.Height;
            media["content_type"] = file?.ContentType;
            if (file is not null)
            {
                media["attachment_id"] = file.Id.ToString();
            }
        }

        return components;
    }
}
