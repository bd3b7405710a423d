using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord.PageApi;

/// <summary>What a human's client shows.</summary>
internal static class PageView
{
    public static bool Sees(Message message, ulong user) => message.SeenBy(user) && message.Channel.SeenBy(user);

    public static JsonObject Of(DiscordWorld world, Message message)
    {
        var json = message.Json(world.Origin, world.Now);
        json["ephemeral"] = message.IsEphemeral;
        json["thinking"] = message.IsLoading;
        json["interaction_failed"] = message.Failed;
        json["pings"] = new JsonArray([.. message.Pings.Select(user => (JsonNode)user.ToString())]);
        return json;
    }

    public static JsonObject Of(Channel channel)
    {
        var json = channel.Json();
        if (channel.IsDirect)
        {
            json["name"] = "@" + Person.Find(channel.Recipient)!.Name;
        }

        return json;
    }

    public static JsonArray Commands(DiscordWorld world) => new([.. world.Commands.Visible.Select(command => command.DeepClone())]);

    /// <summary>GET /page-api/world.</summary>
    public static JsonObject World(DiscordWorld world) =>
        new()
        {
            ["guild"] = new JsonObject { ["id"] = Known.Guild.ToString(), ["name"] = "ScyllaBot sandbox" },
            ["application_id"] = Known.Application.ToString(),
            ["bot_user_id"] = Known.Bot.ToString(),
            ["bot_online"] = world.Sessions.AnyConnected,
            ["users"] = new JsonArray([
                .. Person
                    .All.Where(person => !person.Bot)
                    .Select(person =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["id"] = person.Id.ToString(),
                                ["name"] = person.Name,
                                ["display"] = person.Display,
                                ["title"] = person.Title,
                                ["roles"] = new JsonArray([.. person.Roles.Select(role => (JsonNode)role.ToString())]),
                            }
                    ),
            ]),
            ["roles"] = new JsonArray([.. Role.All.Select(role => (JsonNode)role.Json())]),
            ["channels"] = new JsonArray([.. world.Channels.All.Select(channel => (JsonNode)Of(channel))]),
            ["commands"] = Commands(world),
        };
}
