using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.Ssh;

namespace ScyllaBot.Transports.NodeSide;

/// <summary>Puts scyllabot-node on nodes. It needs a login that may run anything by sudo; a login with the one sudoers line may not replace it.</summary>
public sealed class NodeHelperInstall(SshCommandChannel commands)
{
    private const string Script =
        """set -e; umask 022; new=$(mktemp /usr/local/sbin/.scyllabot-node.XXXXXX); cat >"$new"; test "$(sha256sum <"$new" | cut -d' ' -f1)" = "$1"; chown root:root "$new"; chmod 0755 "$new"; sync "$new"; mv -f "$new" "$2"; sync /usr/local/sbin""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>SHA-256 of the script this bot brings, in hex.</summary>
    public static string Sha256 => NodeProgram.Own.Sha256;

    /// <summary>Whether the node has this very script.</summary>
    /// <exception cref="ExchangeException">The node could not be reached.</exception>
    public async Task<bool> IsCurrentAsync(Node node, CancellationToken ct)
    {
        var sum = await commands.RunAsync(node, new RemoteCommand(["sha256sum", NodeProgram.Own.Path], Patience), null, ct);
        return sum.Exit == 0 && sum.Output.StartsWith(Sha256, StringComparison.Ordinal);
    }

    /// <summary>Installs or replaces it, whole or not at all, and looks at it afterwards.</summary>
    /// <returns>False when it was there already.</returns>
    /// <exception cref="ExchangeException">The node could not be reached.</exception>
    /// <exception cref="RefusedException">sudo would not, or what arrived is not what was sent.</exception>
    public async Task<bool> InstallAsync(Node node, CancellationToken ct)
    {
        if (await IsCurrentAsync(node, ct))
        {
            return false;
        }

        var install = new RemoteCommand(["sudo", "-n", "/bin/sh", "-c", Script, "install", Sha256, NodeProgram.Own.Path], Patience)
        {
            Stdin = Encoding.UTF8.GetBytes(NodeProgram.Own.Text),
        };
        var done = await commands.RunAsync(node, install, null, ct);
        return done.Exit == 0 && await IsCurrentAsync(node, ct)
            ? true : throw new RefusedException($"{node.Name}: scyllabot-node was not installed: exit {done.Exit}: {done.Output.Trim()}");
    }
}
