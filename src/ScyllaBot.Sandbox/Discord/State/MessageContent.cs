using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>
/// Without the privileged MESSAGE_CONTENT intent, which this application does not have, a bot sees what others write only
/// when it is mentioned or in direct messages (docs: Gateway, Message Content Intent). It holds for REST as well.
/// </summary>
internal static class MessageContent
{
    public static JsonObject ForBot(Message message, JsonObject json)
    {
        var own = message.AuthorId == Known.Bot && message.WebhookId is null or Known.Application;
        if (own || message.WebhookId is not null || message.Channel.IsDirect || message.Mentions.Users.Contains(Known.Bot))
        {
            return json;
        }

        json["content"] = "";
        foreach (var hidden in new[] { "embeds", "attachments", "components" })
        {
            json[hidden] = new JsonArray();
        }

        return json;
    }
}
