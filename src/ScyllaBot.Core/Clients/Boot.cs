using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>The machine's boots: a changed boot id is a reboot's receipt (R12).</summary>
internal static class Boot
{
    private const string IdFile = "/proc/sys/kernel/random/boot_id";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The id as it was when this attempt first asked: kept with the command's receipt on the node, so a resume gets the old one.</summary>
    public static async Task<string> FirstIdAsync(NodeContext node, CancellationToken ct) =>
        Read(node, await node.RunAsync(["cat", IdFile], Patience, ct));

    /// <summary>The id now.</summary>
    /// <exception cref="RecoverableException">The node does not answer.</exception>
    public static async Task<string> IdAsync(NodeContext node, CancellationToken ct) =>
        Read(node, await NodeCommands.ReadAsync(node.Commands, node.Node, ["cat", IdFile], Patience, ct));

    /// <summary>As <c>systemctl is-system-running</c> prints it: initializing, starting, running, degraded, maintenance, stopping …</summary>
    public static async Task<string> StateAsync(NodeContext node, CancellationToken ct) =>
        (await NodeCommands.ReadAsync(node.Commands, node.Node, ["systemctl", "is-system-running"], Patience, ct)).Output.Trim();

    /// <summary>How long the machine is up.</summary>
    public static async Task<TimeSpan> UptimeAsync(NodeContext node, CancellationToken ct)
    {
        var said = (await NodeCommands.ReadAsync(node.Commands, node.Node, ["cat", "/proc/uptime"], Patience, ct)).Output;
        return double.TryParse(said.Split(' ')[0], CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new RecoverableException($"{node.Node.Name}: /proc/uptime says {CommandOutput.Tail(said)}");
    }

    private static string Read(NodeContext node, Ports.CommandResult said) =>
        said.Exit == 0 && Guid.TryParse(said.Output.Trim(), out var id)
            ? id.ToString()
            : throw new RecoverableException($"{node.Node.Name}: its boot id can not be read: {CommandOutput.Tail(said.Output)}");
}
