using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Transports.Ssh;

/// <summary>What one connection is made to: equal targets share it.</summary>
/// <param name="Host">As ssh_config knows it.</param>
/// <param name="User">Null = as ssh_config says.</param>
/// <param name="Config">Null = the user's own.</param>
/// <param name="MaxSessions">Most commands at once; at least 1.</param>
public sealed record SshTarget(string Host, string? User = null, string? Config = null, int MaxSessions = 8)
{
    /// <exception cref="ExchangeException">A host or user that <c>ssh</c> would take for something else.</exception>
    public static SshTarget Of(NodeAccess access)
    {
        var target = new SshTarget(access.SshHost, access.Ssh.User, access.Ssh.Config, Math.Max(1, access.Ssh.MaxSessions));
        return IsName(target.Host) && (target.User is null || IsName(target.User))
            ? target : throw new ExchangeException(ExchangeFailure.NotConnected, "ssh_host or user is not a name");
    }

    /// <summary>Words that say where to, for any call of <c>ssh</c>.</summary>
    internal IEnumerable<string> Words => [.. Config is null ? Array.Empty<string>() : ["-F", Config], .. User is null ? Array.Empty<string>() : ["-l", User]];

    private static bool IsName(string name) =>
        name.Length is > 0 and < 256 && name[0] != '-' && !name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
}
