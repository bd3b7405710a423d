using System.Globalization;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>A transient timer on the node that starts Scylla unless it is cancelled: when the bot dies, the node comes back by itself (R10).</summary>
internal static partial class RescueTimer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>One of each job on each node.</summary>
    public static string UnitOf(StepStamp stamp) => $"scp-rescue-{stamp.Job}";

    /// <summary>Before Scylla is stopped. Its own that waits already is left as it is; one of an earlier job would fire within this one and goes.</summary>
    /// <exception cref="RecoverableException">This attempt armed it before and it is gone: it has fired, so Scylla runs again.</exception>
    public static async Task ArmAsync(NodeContext node, TimeSpan after, CancellationToken ct)
    {
        var (own, waiting) = (UnitOf(node.Stamp) + ".timer", await WaitingAsync(node, ct));
        await StopAsync(node, waiting.Remove(own), ct);
        if (waiting.Contains(own))
        {
            return;
        }

        if (!waiting.IsEmpty)
        {
            await node.Debts.PayAsync(DebtKind.RescueTimer, node.Node.Name, ct);
        }

        await node.Debts.OpenAsync(new Owing(
            DebtKind.RescueTimer, node.Node.Name, $"a timer starts {Systemd.Scylla} on {node.Node.Name} by itself", after,
            DebtUndo.Of("systemd-start-service", node.Node.Name, byItself: false, ("service", Systemd.Scylla)), DebtNature.Lapses), ct);
        var seconds = Math.Ceiling(after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        Systemd.Classify(node, "systemd-run", await node.RunAsync(
            ["systemd-run", "--collect", $"--on-active={seconds}", $"--unit={UnitOf(node.Stamp)}", "systemctl", "start", Systemd.Scylla], Patience, ct));
        if (!(await WaitingAsync(node, ct)).Contains(own))
        {
            // Whatever was begun before, its start came after it.
            node.Receipts.SettleAll();
            throw new RecoverableException(
                $"{node.Node.Name}: the rescue timer has started {Systemd.Scylla} meanwhile, as it is there for (R10); another attempt stops it again");
        }

        node.Log.Write($"{Systemd.Scylla} starts by itself in {seconds} s unless this job starts it before");
    }

    /// <summary>When Scylla has been started, or must not be: those of all jobs, for one that ended or was unlocked leaves its own behind.</summary>
    public static async Task CancelAsync(NodeContext node, CancellationToken ct)
    {
        await StopAsync(node, await WaitingAsync(node, ct), ct);
        await node.Debts.PayAsync(DebtKind.RescueTimer, node.Node.Name, ct);
    }

    private static async Task StopAsync(NodeContext node, ImmutableSortedSet<string> timers, CancellationToken ct)
    {
        foreach (var timer in timers)
        {
            var stopped = await node.RunAsync(["systemctl", "stop", timer], Patience, ct);
            if (stopped.Exit != 0 && (await WaitingAsync(node, ct)).Contains(timer))
            {
                Systemd.Classify(node, $"systemctl stop {timer}", stopped);
            }
        }
    }

    /// <summary>Units of the rescue timers that wait on the node, whoever armed them.</summary>
    // Asked with patience: often after a start or a restart, which another attempt would do once more.
    private static async Task<ImmutableSortedSet<string>> WaitingAsync(NodeContext node, CancellationToken ct)
    {
        var said = await NodeCommands.ReadAfterAsync(node, ["systemctl", "list-units", "--plain", "--no-legend", "--full", "scp-rescue-*.timer"], Patience, ct);
        var lines = said.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToArray();

        // "Could not ask" is not "there is none": a timer that was overlooked starts Scylla in the middle of what comes next.
        return said.Exit == 0 && lines.All(l => l is [var unit, _, _, ..] && Unit().IsMatch(unit))
            ? [.. lines.Where(l => l[2] is not ("inactive" or "failed" or "deactivating")).Select(l => l[0])]
            : throw new RecoverableException($"{node.Node.Name}: systemctl does not tell of the rescue timers: exit {said.Exit}: {CommandOutput.Tail(said.Output)}");
    }

    [GeneratedRegex(@"^scp-rescue-[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\.timer\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unit();
}
