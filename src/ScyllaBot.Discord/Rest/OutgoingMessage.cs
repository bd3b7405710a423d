namespace ScyllaBot.Discord.Rest;

/// <summary>The only shape in which text leaves for Discord. Who it may ping has to be said, and is sent with edits too.</summary>
/// <param name="Allowed">Who may be pinged.</param>
public sealed record OutgoingMessage(AllowedMentions Allowed)
{
    private const int EphemeralFlag = 64;

    /// <value>At most 2000 characters; default empty.</value>
    public string Content { get; init; } = "";

    /// <value>Default none; an edit takes away what is not here.</value>
    public ImmutableArray<JsonObject> Embeds { get; init; } = [];

    /// <value>Action rows; default none.</value>
    public ImmutableArray<JsonObject> Components { get; init; } = [];

    public bool IsEphemeral { get; init; }

    /// <value>At most 25 characters; null = a repeat makes a second message.</value>
    public string? Nonce { get; init; }

    /// <summary>A text for one person.</summary>
    public static OutgoingMessage Private(string text) =>
        new(AllowedMentions.None) { Content = Core.Chat.Markup.Cut(text, 2000), IsEphemeral = true };

    internal JsonObject ToCreate()
    {
        var json = ToEdit();
        if (IsEphemeral)
        {
            json["flags"] = EphemeralFlag;
        }

        if (Nonce is not null)
        {
            json["nonce"] = Nonce;
            json["enforce_nonce"] = true;
        }

        return json;
    }

    /// <summary>Everything is sent, so that what is gone from the message goes from the chat too.</summary>
    internal JsonObject ToEdit() => new()
    {
        ["content"] = Content,
        ["embeds"] = new JsonArray([.. Embeds.Select(e => e.DeepClone())]),
        ["components"] = new JsonArray([.. Components.Select(c => c.DeepClone())]),
        ["allowed_mentions"] = Allowed.ToJson(),
    };
}
