using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A transient timer on the node that starts Scylla unless it is cancelled: when the bot dies, the node comes back by itself (R10).</summary>
internal static class RescueTimer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>One of each job on each node.</summary>
    public static string UnitOf(StepStamp stamp) => $"scp-rescue-{stamp.Job}";

    /// <summary>Before Scylla is stopped. One that waits already is left as it is.</summary>
    /// <exception cref="RecoverableException">This attempt armed it before and it is gone: it has fired, so Scylla runs again.</exception>
    public static async Task ArmAsync(NodeContext node, TimeSpan after, CancellationToken ct)
    {
        if (await WaitsAsync(node, ct))
        {
            return;
        }

        await node.Debts.OpenAsync(new Owing(
            DebtKind.RescueTimer, node.Node.Name, $"a timer starts {Systemd.Scylla} on {node.Node.Name} by itself", after,
            DebtUndo.Of("systemd-start-service", node.Node.Name, byItself: false, ("service", Systemd.Scylla)), DebtNature.Lapses), ct);
        var seconds = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        Systemd.Classify(node, "systemd-run", await node.RunAsync(
            ["systemd-run", "--collect", $"--on-active={seconds}", $"--unit={UnitOf(node.Stamp)}", "systemctl", "start", Systemd.Scylla], Patience, ct));
        if (!await WaitsAsync(node, ct))
        {
            // Whatever was begun before, its start came after it.
            node.Receipts.SettleAll();
            throw new RecoverableException(
                $"{node.Node.Name}: the rescue timer has started {Systemd.Scylla} meanwhile, as it is there for (R10); another attempt stops it again");
        }

        node.Log.Write($"{Systemd.Scylla} starts by itself in {seconds} s unless this job starts it before");
    }

    /// <summary>When Scylla has been started, or must not be.</summary>
    public static async Task CancelAsync(NodeContext node, CancellationToken ct)
    {
        if (await WaitsAsync(node, ct))
        {
            var stopped = await node.RunAsync(["systemctl", "stop", UnitOf(node.Stamp) + ".timer"], Patience, ct);
            if (stopped.Exit != 0 && await WaitsAsync(node, ct))
            {
                Systemd.Classify(node, "systemctl stop of the rescue timer", stopped);
            }
        }

        await node.Debts.PayAsync(DebtKind.RescueTimer, node.Node.Name, ct);
    }

    // Asked with patience: often after a start or a restart, which another attempt would do once more.
    private static async Task<bool> WaitsAsync(NodeContext node, CancellationToken ct)
    {
        var said = (await NodeCommands.ReadAfterAsync(node, ["systemctl", "is-active", UnitOf(node.Stamp) + ".timer"], Patience, ct)).Output.Trim();

        // "Could not ask" is not "there is none": a timer that was overlooked starts Scylla in the middle of what comes next.
        return said switch
        {
            "active" or "activating" or "reloading" => true,
            "inactive" or "failed" or "unknown" or "deactivating" => false,
            _ => throw new RecoverableException($"{node.Node.Name}: systemctl does not tell of {UnitOf(node.Stamp)}.timer: {CommandOutput.Tail(said)}"),
        };
    }
}
