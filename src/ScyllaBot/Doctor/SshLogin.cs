using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Doctor;

/// <summary>Which user ssh logs in as; asks ssh itself for what it reads in ssh_config, without connecting.</summary>
internal static partial class SshLogin
{
    /// <returns>Null when nobody can tell.</returns>
    public static async Task<string?> UserAsync(NodeAccess access, CancellationToken ct)
    {
        if (access.Ssh.User is { } user)
        {
            return user;
        }

        try
        {
            string[] config = access.Ssh.Config is { } file ? ["-F", file] : [];
            var target = SshTarget.Of(access);
            using var ssh = Process.Start(new ProcessStartInfo("ssh", ["-G", .. config, "--", target.Host]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = await ssh.StandardOutput.ReadToEndAsync(ct);
            await ssh.WaitForExitAsync(ct);
            return User().Match(said) is { Success: true } line ? line.Groups["user"].Value : null;
        }
        catch (Exception no) when (no is Win32Exception or Core.Ports.ExchangeException)
        {
            return null;
        }
    }

    [GeneratedRegex("^user (?<user>[A-Za-z_][A-Za-z0-9_.-]{0,63})\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex User();
}
