using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>An incoming webhook that the bot made.</summary>
internal sealed record Webhook(ulong Id, string Token, ulong Channel, string Name)
{
    /// <summary>GuildIncomingWebhookResponse; the token is left out where Discord leaves it out.</summary>
    public JsonObject Json(string origin, bool withUser)
    {
        var json = new JsonObject
        {
            ["application_id"] = Known.Application.ToString(),
            ["avatar"] = null,
            ["channel_id"] = Channel.ToString(),
            ["guild_id"] = Known.Guild.ToString(),
            ["id"] = Id.ToString(),
            ["name"] = Name,
            ["type"] = 1,
            ["token"] = Token,
            ["url"] = $"{origin}/api/webhooks/{Id}/{Token}",
        };
        if (withUser)
        {
            json["user"] = Person.TheBot.User();
        }

        return json;
    }

    /// <summary>The author of a message that this webhook posts.</summary>
    public JsonObject Author(string? name, string? avatar) =>
        new()
        {
            ["id"] = Id.ToString(),
            ["username"] = name ?? Name,
            ["avatar"] = avatar is null ? null : "0123456789abcdef0123456789abcdef",
            ["discriminator"] = "0000",
            ["public_flags"] = 0,
            ["flags"] = 0,
            ["bot"] = true,
            ["global_name"] = null,
            ["primary_guild"] = null,
        };
}
