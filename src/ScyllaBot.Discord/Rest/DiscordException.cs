namespace ScyllaBot.Discord.Rest;

/// <summary>What a refusal of Discord means for whoever called.</summary>
public enum DiscordFailure
{
    /// <summary>No answer, or 5xx after every retry.</summary>
    Unavailable,

    /// <summary>The wait asked for is longer than our patience.</summary>
    RateLimited,

    /// <summary>30046: too many edits of an old message.</summary>
    SlowDown,

    /// <summary>401: the token is dead; nothing is sent any more.</summary>
    Unauthorized,

    /// <summary>10008: somebody deleted the message.</summary>
    MessageGone,

    /// <summary>10003.</summary>
    ChannelGone,

    /// <summary>10062: acknowledged too late, or replayed.</summary>
    InteractionUnknown,

    /// <summary>40060: somebody else (or we, before) answered it already.</summary>
    AlreadyAnswered,

    /// <summary>50027: the interaction's token has ended; use the channel route.</summary>
    TokenExpired,

    /// <summary>160004: the message has its thread; its id is the message's.</summary>
    ThreadExists,

    /// <summary>50083.</summary>
    ThreadArchived,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>Any other 4xx: it will never be accepted.</summary>
    Rejected,
}

/// <summary>Discord said no, or nothing.</summary>
/// <param name="failure">What it means.</param>
/// <param name="status">HTTP status; 0 without an answer.</param>
/// <param name="code">Discord's JSON code; 0 without one.</param>
/// <param name="message">For logs; holds neither token nor interaction token.</param>
/// <param name="inner">What the port saw.</param>
public sealed class DiscordException(DiscordFailure failure, int status, int code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public DiscordFailure Failure => failure;

    public int Status => status;

    public int Code => code;

    /// <summary>How long Discord asked us to wait; zero when it did not say.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Sources: developer docs, "JSON Error Codes".</summary>
    internal static DiscordFailure Meaning(int status, int code) => (status, code) switch
    {
        (_, 10008) => DiscordFailure.MessageGone,
        (_, 10003) => DiscordFailure.ChannelGone,
        (_, 10062) => DiscordFailure.InteractionUnknown,
        (_, 40060) => DiscordFailure.AlreadyAnswered,
        (_, 50027) => DiscordFailure.TokenExpired,
        (_, 160004) => DiscordFailure.ThreadExists,
        (_, 50083) => DiscordFailure.ThreadArchived,
        (_, 30046) => DiscordFailure.SlowDown,
        (401, _) => DiscordFailure.Unauthorized,
        (403, _) => DiscordFailure.Forbidden,
        (429, _) => DiscordFailure.RateLimited,
        ( >= 500, _) => DiscordFailure.Unavailable,
        _ => DiscordFailure.Rejected,
    };
}
