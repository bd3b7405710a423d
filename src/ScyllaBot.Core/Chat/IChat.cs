namespace ScyllaBot.Core.Chat;

public enum Severity
{
    Info,
    Working,
    Waiting,
    Good,
    Warning,
    Bad,
    Muted,
}

/// <summary>Looks of a choice; the chat decides how it shows them.</summary>
public enum ChoiceKind
{
    Primary,
    Plain,
    Good,
    Danger,
}

/// <summary>Something a person may press. The verb and its arguments travel in the id, so it survives restarts.</summary>
/// <param name="Id">At most 100 characters, such as <c>scp:v1:approve:JOB:start</c>.</param>
public sealed record Choice(string Id, string Label, ChoiceKind Kind, bool Enabled = true);

/// <summary>A named part of a notice; Text may hold the chat's small markup made by <see cref="Markup"/> only.</summary>
public sealed record NoticePart(string Name, string Text, bool Inline = false);

/// <summary>Who is told by sound: nobody unless named here.</summary>
/// <param name="People">Person ids.</param>
/// <param name="Roles">Role names from configuration.</param>
public sealed record Mentions(ImmutableArray<string> People, ImmutableArray<string> Roles)
{
    public static readonly Mentions None = new([], []);

    public static Mentions Of(params string[] people) => new([.. people], []);
}

/// <summary>What is said, in no chat's own words. Bounded and escaped before it gets here (<see cref="Markup"/>).</summary>
public sealed record Notice(Severity Severity, string Title)
{
    /// <summary>Shown in the push message.</summary>
    public string Headline { get; init; } = "";

    public string Body { get; init; } = "";

    public ImmutableArray<NoticePart> Parts { get; init; } = [];

    public ImmutableArray<Choice> Choices { get; init; } = [];

    public string Footer { get; init; } = "";

    public Mentions Mentions { get; init; } = Mentions.None;
}

/// <summary>Where a message stands: <c>channelId/messageId</c>.</summary>
public readonly record struct MessageRef(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The only way to people. Nothing above it knows which chat it is.</summary>
public interface IChat
{
    /// <summary>Posts a new message once per nonce, as far as the chat allows.</summary>
    /// <param name="channel">Channel name from configuration.</param>
    /// <param name="notice">What to say.</param>
    /// <param name="nonce">At most 25 characters; a repeat within minutes gives the first message.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="Tasks.RecoverableException">Try again later.</exception>
    /// <exception cref="Tasks.UnrecoverableException">It will never be accepted.</exception>
    Task<MessageRef> PostAsync(string channel, Notice notice, string nonce, CancellationToken ct);

    /// <summary>Looks for a message of ours with the nonce in its footer, among the channel's recent ones (R14).</summary>
    Task<MessageRef?> FindAsync(string channel, string nonce, CancellationToken ct);

    /// <summary>Edits a message; never pings.</summary>
    /// <exception cref="MessageGoneException">It was deleted: post a new one.</exception>
    Task UpdateAsync(MessageRef message, Notice notice, CancellationToken ct);

    /// <summary>Adds log lines to the message's thread, making the thread when there is none.</summary>
    Task LogAsync(MessageRef message, string threadName, IReadOnlyList<string> lines, CancellationToken ct);
}

/// <summary>Somebody deleted the message.</summary>
public sealed class MessageGoneException(string message) : Exception(message);
