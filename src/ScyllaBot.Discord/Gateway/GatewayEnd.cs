namespace ScyllaBot.Discord.Gateway;

/// <summary>What to do after a connection ended.</summary>
internal enum GatewayNext
{
    /// <summary>Connect again and resume.</summary>
    Resume,

    /// <summary>Drop the session and identify anew.</summary>
    StartAnew,

    /// <summary>Stop and shout: only a person can mend it.</summary>
    GiveUp,

    /// <summary>We were told to stop.</summary>
    Stop,
}

/// <summary>How a connection ended. Source of the close codes: developer docs, "Gateway Close Event Codes".</summary>
/// <param name="Next">What to do now.</param>
/// <param name="Why">For the log.</param>
/// <param name="CloseCode">Code to close with from our side; null when the other side is gone already.</param>
/// <param name="Wait">At least this long before the next connection.</param>
internal sealed record GatewayEnd(GatewayNext Next, string Why, int? CloseCode, TimeSpan Wait)
{
    /// <summary>Keeps the session alive, as 1000 and 1001 would not.</summary>
    public const int KeepSession = 4200;

    public const int DropSession = 1000;

    public static GatewayEnd FromClose(int? code, string reason)
    {
        var why = code is null ? $"connection lost {reason}".TrimEnd() : $"closed with {code} {reason}".TrimEnd();
        return new GatewayEnd(After(code), why, null, code == 4008 ? TimeSpan.FromSeconds(5) : TimeSpan.Zero);
    }

    public static GatewayEnd Ours(GatewayNext next, string why) =>
        new(next, why, next == GatewayNext.StartAnew ? DropSession : KeepSession, TimeSpan.Zero);

    private static GatewayNext After(int? code) => code switch
    {
        4004 or 4010 or 4011 or 4012 or 4013 or 4014 => GatewayNext.GiveUp,
        1000 or 4003 or 4005 or 4007 or 4009 => GatewayNext.StartAnew,
        _ => GatewayNext.Resume,
    };
}

/// <summary>The gateway refuses us for good (token, intents, version): reconnecting could only make it worse.</summary>
public sealed class GatewayFatalException(string message) : Exception(message);
