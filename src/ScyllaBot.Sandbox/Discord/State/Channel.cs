using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>A channel, thread or direct-message channel with its bounded history, oldest first.</summary>
internal sealed class Channel(ulong id, int type, string name)
{
    public const int GuildText = 0;

    public const int Direct = 1;

    public const int GuildCategory = 4;

    public const int PublicThread = 11;

    public const int PrivateThread = 12;

    private readonly List<Message> _messages = [];

    public ulong Id { get; } = id;

    public int Type { get; } = type;

    public string Name { get; set; } = name;

    public ulong? ParentId { get; init; }

    /// <summary>The human at the other end of a direct-message channel.</summary>
    public ulong? Recipient { get; init; }

    public int Position { get; init; }

    public string? Topic { get; set; }

    public ulong? LastMessageId { get; private set; }

    public DateTimeOffset? LastPin { get; set; }

    /// <summary>Set for threads only.</summary>
    public ThreadDetails? Thread { get; init; }

    /// <summary>What the bot is denied here by an overwrite of its own; a fault sets it.</summary>
    public ulong Denial { get; set; }

    /// <summary>50001 where the bot may not see the channel, 50013 where it may not write; else null.</summary>
    public int? Denied => (Denial & Permission.ViewChannel) != 0 ? 50001 : (Denial & Permission.SendMessages) != 0 ? 50013 : null;

    public bool IsThread => Thread is not null;

    public bool IsDirect => Type == Direct;

    public ulong? GuildId => IsDirect ? null : Known.Guild;

    public bool HoldsMessages => Type != GuildCategory;

    public IReadOnlyList<Message> Messages => _messages;

    public bool SeenBy(ulong user) => !IsDirect || Recipient == user || user == Known.Bot;

    public Message? Find(ulong? message) => _messages.Find(candidate => candidate.Id == message);

    public void Add(Message message, int keep)
    {
        _messages.Add(message);
        if (_messages.Count > keep)
        {
            _messages[0].Referenced = null;
            _messages.RemoveAt(0);
        }

        if (!message.Local)
        {
            LastMessageId = message.Id;
        }

        if (Thread is { } thread && message.Type != Message.ThreadStarter)
        {
            thread.MessageCount++;
            thread.TotalSent++;
        }
    }

    public bool Remove(Message message)
    {
        if (Thread is { MessageCount: > 0 } thread)
        {
            thread.MessageCount--;
        }

        return _messages.Remove(message);
    }

    /// <summary>GuildChannelResponse, PrivateChannelResponse or ThreadResponse.</summary>
    public JsonObject Json()
    {
        var channel = new JsonObject
        {
            ["id"] = Id.ToString(),
            ["type"] = Type,
            ["flags"] = 0,
            ["last_message_id"] = LastMessageId?.ToString(),
        };
        if (LastPin is { } pin)
        {
            channel["last_pin_timestamp"] = Snowflakes.Print(pin);
        }

        if (Recipient is { } recipient)
        {
            channel["recipients"] = new JsonArray(Person.Find(recipient)!.User());
            return channel;
        }

        channel["guild_id"] = Known.Guild.ToString();
        channel["name"] = Name;
        channel["parent_id"] = ParentId?.ToString();
        channel["rate_limit_per_user"] = Thread?.RatePerUser ?? 0;
        if (Thread is not null)
        {
            Thread.Describe(channel);
            return channel;
        }

        channel["topic"] = Topic;
        channel["position"] = Position;
        channel["permission_overwrites"] = Denial == 0 ? new JsonArray() : new JsonArray(new JsonObject
        {
            ["id"] = Known.Bot.ToString(), ["type"] = 1, ["allow"] = "0", ["deny"] = Denial.ToString(),
        });
        channel["nsfw"] = false;
        return channel;
    }

    /// <summary>The partial channel of an interaction, with the permissions of its user.</summary>
    public JsonObject InteractionChannel(Person user)
    {
        var channel = Json();
        if (!IsDirect)
        {
            channel["permissions"] = user.Permissions.ToString();
        }

        return channel;
    }
}
