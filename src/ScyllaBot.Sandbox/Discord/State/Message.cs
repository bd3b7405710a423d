using System.Text.Json.Nodes;

namespace ScyllaBot.Sandbox.Discord.State;

/// <summary>One message of a channel, as everyone may see it or, if ephemeral, as one user may.</summary>
internal sealed class Message(ulong id, Channel channel, DateTimeOffset at)
{
    public const int Default = 0;
    public const int Pin = 6;
    public const int ThreadCreated = 18;
    public const int Reply = 19;
    public const int Command = 20;
    public const int ThreadStarter = 21;

    public const int SuppressEmbeds = 1 << 2;
    public const int HasThread = 1 << 5;
    public const int Ephemeral = 1 << 6;
    public const int Loading = 1 << 7;
    public const int SuppressNotifications = 1 << 12;
    public const int ComponentsV2 = 1 << 15;

    public ulong Id { get; } = id;

    public Channel Channel { get; } = channel;

    public DateTimeOffset At { get; } = at;

    public DateTimeOffset? EditedAt { get; set; }

    public int Type { get; init; }

    public required ulong AuthorId { get; init; }

    /// <summary>Name and picture that a webhook gave itself for this message, else null.</summary>
    public JsonObject? WebhookAuthor { get; init; }

    public ulong? WebhookId { get; init; }

    /// <summary>The interaction that made this message, else null.</summary>
    public Interaction? Origin { get; init; }

    /// <summary>The user who alone sees an ephemeral message.</summary>
    public ulong? OnlyFor { get; init; }

    /// <summary>Drawn by the user's client only ("The application did not respond"); no API ever returns it.</summary>
    public bool Local { get; init; }

    public string Content { get; set; } = "";

    public JsonArray Embeds { get; set; } = [];

    public JsonArray Components { get; set; } = [];

    public List<Attachment> Files { get; } = [];

    public int Flags { get; set; }

    public Mentions Mentions { get; set; } = Mentions.None;

    /// <summary>Users whom this message notified when it was posted. Edits never change it (docs; facts, ten things, 2).</summary>
    public IReadOnlyList<ulong> Pings { get; set; } = [];

    public JsonNode? Nonce { get; init; }

    public bool Tts { get; init; }

    public (ulong Channel, ulong? Message)? Reference { get; init; }

    /// <summary>The message replied to, until this one leaves the history: chains of replies must not keep each other alive.</summary>
    public Message? Referenced { get; set; }

    public bool Pinned { get; set; }

    public Channel? Thread { get; set; }

    public bool Failed { get; set; }

    public bool IsEphemeral => (Flags & Ephemeral) != 0;

    public bool IsLoading => (Flags & Loading) != 0;

    public bool SeenBy(ulong user) => OnlyFor is null || OnlyFor == user;

    public IEnumerable<JsonObject> AllComponents() => ComponentShape.Flatten(Components);
}
