using System.Text.Json.Nodes;
using ScyllaBot.Sandbox.Discord.Gateway;
using ScyllaBot.Sandbox.Discord.PageApi;
using ScyllaBot.Sandbox.Discord.State;

namespace ScyllaBot.Sandbox.Discord;

/// <summary>Tells the bot's sessions and the page what happened. Callers hold the world's gate.</summary>
internal sealed class Broadcast(DiscordWorld world)
{
    public void MessageCreated(Message message) => Message("MESSAGE_CREATE", message);

    public void MessageUpdated(Message message) => Message("MESSAGE_UPDATE", message);

    /// <summary>For what only the user's own client shows, such as a failed interaction.</summary>
    public void PageOnly(Message message) =>
        world.Feed.Publish("message", user => PageView.Sees(message, user) ? PageView.Of(world, message) : null);

    public void MessageDeleted(Message message)
    {
        if (!message.IsEphemeral)
        {
            var gone = new JsonObject { ["id"] = message.Id.ToString(), ["channel_id"] = message.Channel.Id.ToString() };
            AddGuild(gone, message.Channel);
            world.Sessions.Dispatch("MESSAGE_DELETE", MessageIntent(message.Channel), gone);
        }

        world.Feed.Publish(
            "message_delete",
            user =>
                !PageView.Sees(message, user)
                    ? null
                    : new JsonObject { ["id"] = message.Id.ToString(), ["channel_id"] = message.Channel.Id.ToString() }
        );
    }

    public void InteractionCreated(Interaction interaction, int times)
    {
        for (var i = 0; i < times; i++)
        {
            world.Sessions.Dispatch("INTERACTION_CREATE", Intents.None, interaction.Json(world.Origin, world.Now));
        }

        InteractionState(interaction, "sent");
    }

    public void InteractionState(Interaction interaction, string state) =>
        world.Feed.Publish(
            "interaction",
            user => user != interaction.User.Id ? null : new JsonObject { ["id"] = interaction.Id.ToString(), ["state"] = state }
        );

    public void ModalOpened(Interaction interaction, JsonObject modal) =>
        world.Feed.Publish(
            "modal",
            user =>
                user != interaction.User.Id
                    ? null
                    : new JsonObject
                    {
                        ["interaction_id"] = interaction.Id.ToString(),
                        ["channel_id"] = interaction.Channel.Id.ToString(),
                        ["message_id"] = interaction.Source?.Id.ToString(),
                        ["custom_id"] = modal.Text("custom_id"),
                        ["title"] = modal.Text("title"),
                        ["components"] = modal["components"]?.DeepClone(),
                    }
        );

    public void Thread(string type, Channel thread)
    {
        var json = thread.Json();
        if (type == "THREAD_CREATE")
        {
            json["newly_created"] = true;
            json["member"] = thread.Thread!.Member(thread.Id);
        }

        world.Sessions.Dispatch(type, Intents.Guilds, json);
        world.Feed.Publish("thread", _ => PageView.Of(thread));
    }

    public void ThreadDeleted(Channel thread)
    {
        world.Sessions.Dispatch(
            "THREAD_DELETE",
            Intents.Guilds,
            new JsonObject
            {
                ["id"] = thread.Id.ToString(),
                ["guild_id"] = Known.Guild.ToString(),
                ["parent_id"] = thread.ParentId?.ToString(),
                ["type"] = thread.Type,
            }
        );
        world.Feed.Publish("thread", _ => new JsonObject { ["id"] = thread.Id.ToString(), ["deleted"] = true });
    }

    public void ChannelUpdated(Channel channel) => world.Sessions.Dispatch("CHANNEL_UPDATE", Intents.Guilds, channel.Json());

    public void PinsUpdated(Channel channel)
    {
        var pins = new JsonObject
        {
            ["channel_id"] = channel.Id.ToString(),
            ["last_pin_timestamp"] = channel.LastPin is { } at ? Snowflakes.Print(at) : null,
        };
        AddGuild(pins, channel);
        world.Sessions.Dispatch("CHANNEL_PINS_UPDATE", Intents.Guilds, pins);
    }

    public void CommandsChanged() => world.Feed.Publish("commands", _ => new JsonObject { ["commands"] = PageView.Commands(world) });

    private static int MessageIntent(Channel channel) => channel.IsDirect ? Intents.DirectMessages : Intents.GuildMessages;

    private static void AddGuild(JsonObject json, Channel channel)
    {
        if (channel.GuildId is { } guild)
        {
            json["guild_id"] = guild.ToString();
        }
    }

    private void Message(string type, Message message)
    {
        if (!message.IsEphemeral)
        {
            var json = MessageContent.ForBot(message, message.GatewayJson(world.Origin, world.Now));
            world.Sessions.Dispatch(type, MessageIntent(message.Channel), json);
        }

        PageOnly(message);
    }
}
