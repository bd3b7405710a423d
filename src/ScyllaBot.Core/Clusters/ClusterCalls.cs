namespace ScyllaBot.Core.Clusters;

/// <summary>What a job does while nobody can be reached (R9).</summary>
public enum ChatLost
{
    GoOn,

    /// <summary>It holds at its next safe point after a while, until the chat is back.</summary>
    HoldAfter,
}

/// <summary>What one cluster says of calls; null = as the bot's settings have it.</summary>
public sealed record ClusterCalls(TimeSpan? After, TimeSpan? AfterDown, TimeSpan? Every, ChatLost? WhenChatIsLost, TimeSpan? ChatLostAfter);

internal sealed record CallsEntry
{
    [Description("How long a halt waits for an acknowledgement before on-call and pager are called (R7)"), Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan? After { get; init; }

    [Description("The same while a node is down by the bot"), Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan? AfterDown { get; init; }

    [Description("Between the calls after the first"), Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan? Every { get; init; }

    [Description("What its jobs do while the chat is lost (R9)")]
    public ChatLost? ChatLost { get; init; }

    [Description("How long the chat must be lost for that"), Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan? ChatLostAfter { get; init; }

    public ClusterCalls ToCalls() => new(After, AfterDown, Every, ChatLost, ChatLostAfter);
}
