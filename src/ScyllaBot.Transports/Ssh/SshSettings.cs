using System.Collections.Immutable;

namespace ScyllaBot.Transports.Ssh;

/// <summary>How the OpenSSH client is used.</summary>
public sealed record SshSettings
{
    /// <value>Default <c>ssh</c> on the PATH.</value>
    public string Program { get; init; } = "ssh";

    /// <value>Default 10 s for a TCP connection.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>Default 40 s for connection, jump hosts and authentication together.</value>
    public TimeSpan SetUpTimeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <value>Default 10 min: an idle connection closes itself, also when the bot was killed.</value>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <value>Default 5 s; three unanswered questions in a row are a lost connection.</value>
    public TimeSpan AliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Options of every call: never ask, never change host-key checking, never open anything that ssh_config adds.</summary>
    internal static ImmutableArray<string> Common { get; } =
    [
        "-T", "-x", "-a", "-o", "BatchMode=yes", "-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "RemoteCommand=none",
        "-o", "RequestTTY=no", "-o", "EscapeChar=none",
    ];
}
