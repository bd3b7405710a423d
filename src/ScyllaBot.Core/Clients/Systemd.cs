using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Units of a node, through <c>systemctl</c>; its exit codes are classified here.</summary>
internal static class Systemd
{
    // Scylla's own TimeoutStopSec is 900 s: only after it does systemd kill a hung stop (facts 1.10), and that is an answer worth having.
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(20);

    // READY comes after the commit log is replayed (facts 5.4), which may take long after a crash.
    private static readonly TimeSpan StartPatience = TimeSpan.FromHours(1);

    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(30);

    /// <summary>Stops a unit and makes sure that it is stopped.</summary>
    public static async Task StopAsync(NodeContext node, string unit, CancellationToken ct)
    {
        if (await StateAsync(node, unit, ct) is "inactive" or "failed")
        {
            // A failed unit stays failed through a stop: without this look a retry after a failed start could never pass.
            node.Log.Write($"{unit} does not run: there is nothing to stop");
            return;
        }

        Classify(node, $"systemctl stop {unit}", await node.RunAsync(["systemctl", "stop", unit], StopPatience, ct));
        var state = await StateAsync(node, unit, ct);
        var result = ResultOf((await ReadAsync(node, ["systemctl", "show", unit], ct)).Output);
        var killed = string.Equals(result, "timeout", StringComparison.Ordinal);
        if (killed)
        {
            node.Log.Write($"Warning: {unit} did not stop by itself, systemd killed it; its commit log will be replayed at the start");
        }

        if (state != "inactive" && !(state == "failed" && killed))
        {
            throw new UnrecoverableException(
                $"{node.Node.Name}: systemctl stop answered, but {unit} is {CommandOutput.Tail(state)} ({result ?? "no result"})");
        }
    }

    /// <summary>As <c>systemctl is-active</c> prints it: active, activating, deactivating, inactive, failed …</summary>
    public static async Task<string> StateAsync(NodeContext node, string unit, CancellationToken ct) =>
        (await ReadAsync(node, ["systemctl", "is-active", unit], ct)).Output.Trim();

    public static async Task StartAsync(NodeContext node, string unit, CancellationToken ct) =>
        Classify(node, $"systemctl start {unit}", await node.RunAsync(["systemctl", "start", unit], StartPatience, ct));

    private static void Classify(NodeContext node, string what, CommandResult result)
    {
        if (result.Exit == 0)
        {
            return;
        }

        var text = $"{node.Node.Name}: {what}: exit {result.Exit}: {CommandOutput.Tail(result.Output)}";
        // 4 no permission, 5 no such unit (systemctl(1)), 126 and 127 no systemctl: another attempt finds the same. The rest may pass.
        throw result.Exit is 4 or 5 or 126 or 127 ? new UnrecoverableException(text) : new RecoverableException(text);
    }

    private static Task<CommandResult> ReadAsync(NodeContext node, ImmutableArray<string> argv, CancellationToken ct) =>
        NodeCommands.ReadAsync(node.Commands, node.Node, argv, ReadPatience, ct);

    private static string? ResultOf(string shown) => shown
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(property => property.StartsWith("Result=", StringComparison.Ordinal))?["Result=".Length..];
}
