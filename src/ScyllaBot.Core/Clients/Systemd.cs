using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Units of a node, through <c>systemctl</c>; its exit codes are classified here.</summary>
internal static class Systemd
{
    public const string Scylla = "scylla-server";

    /// <summary>What a unit may be called.</summary>
    public const string UnitPattern = "[A-Za-z0-9@_.][A-Za-z0-9@_.-]*";

    // Scylla's own TimeoutStopSec is 900 s: only after it does systemd kill a hung stop (facts 1.10), and that is an answer worth having.
    private static readonly TimeSpan StopPatience = TimeSpan.FromMinutes(20);

    // READY comes after the commit log is replayed (facts 5.4), which may take long after a crash.
    private static readonly TimeSpan StartPatience = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

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

        await CqlOpensAsync(node, unit, ct);
    }

    /// <summary>As <c>systemctl is-active</c> prints it: active, activating, deactivating, inactive, failed …</summary>
    public static async Task<string> StateAsync(NodeContext node, string unit, CancellationToken ct) =>
        (await ReadAsync(node, ["systemctl", "is-active", unit], ct)).Output.Trim();

    /// <summary>Starts a unit. Scylla's own start also takes the rescue timer away (R10): after it, so that a bot which dies in between leaves nobody down.</summary>
    public static async Task StartAsync(NodeContext node, string unit, CancellationToken ct)
    {
        var start = new RemoteCommand(["systemctl", "start", unit], StartPatience);
        Classify(node, $"systemctl start {unit}", await NodeCommands.RunAsync(node, start, lost => StartedMeanwhileAsync(node, unit, lost), ct));
        if (IsScylla(unit))
        {
            await RescueTimer.CancelAsync(node, ct);
        }
    }

    /// <summary>A start that a power cut took away (R12): a machine that boots starts what is enabled by itself, and starting twice is starting once.</summary>
    private static async Task<CommandResult> StartedMeanwhileAsync(NodeContext node, string unit, CancellationToken ct)
    {
        for (var givesUp = node.Time.GetUtcNow() + StartPatience; node.Time.GetUtcNow() < givesUp; await Task.Delay(BetweenLooks, node.Time, ct))
        {
            switch ((await NodeCommands.ReadAfterAsync(node, ["systemctl", "is-active", unit], ReadPatience, ct)).Output.Trim())
            {
                case "active":
                    node.Log.Write($"{unit} was started by the machine's own boot");
                    return new CommandResult(0, "");
                case "inactive" or "failed":
                    throw new RecoverableException($"{node.Node.Name}: the start of {unit} was cut off and it does not run; another attempt starts it");
            }
        }

        throw new RecoverableException($"{node.Node.Name}: {unit} does not come up since the machine has booted");
    }

    /// <summary>Stop and start in one job of systemd's; under one receipt, so never twice for the same attempt.</summary>
    public static async Task RestartAsync(NodeContext node, string unit, CancellationToken ct)
    {
        Classify(node, $"systemctl restart {unit}", await node.RunAsync(["systemctl", "restart", unit], StopPatience + StartPatience, ct));
        if ((await NodeCommands.ReadAfterAsync(node, ["systemctl", "is-active", unit], ReadPatience, ct)).Output.Trim() is var state and not "active")
        {
            throw new RecoverableException($"{node.Node.Name}: systemctl restart answered, but {unit} is {CommandOutput.Tail(state)}");
        }

        if (IsScylla(unit))
        {
            await RescueTimer.CancelAsync(node, ct);
        }

        await CqlOpensAsync(node, unit, ct);
    }

    /// <summary>Whatever closed CQL is over with its process: the next one opens it by itself.</summary>
    private static Task CqlOpensAsync(NodeContext node, string unit, CancellationToken ct) =>
        IsScylla(unit) ? node.Debts.PayAsync(Jobs.DebtKind.NativeTransport, node.Node.Name, ct) : Task.CompletedTask;

    /// <summary>As <c>systemctl is-enabled</c> prints it: enabled, disabled, static, masked …; <c>not-found</c> where there is no such unit.</summary>
    public static async Task<string> EnabledAsync(NodeContext node, string unit, CancellationToken ct)
    {
        var said = (await ReadAsync(node, ["systemctl", "is-enabled", unit], ct)).Output.Trim();

        // Before systemd 255 an unknown unit is a complaint, not a word.
        return said.Contains("No such file", StringComparison.Ordinal) ? "not-found" : said;
    }

    /// <summary>Whether a unit starts at boot from now on.</summary>
    public static async Task EnableAsync(NodeContext node, string unit, bool on, CancellationToken ct)
    {
        var (verb, wanted) = on ? ("enable", "enabled") : ("disable", "disabled");
        var state = await EnabledAsync(node, unit, ct);
        if (state == wanted)
        {
            node.Log.Write($"{unit} is {wanted} already");
            return;
        }

        if (state is not ("enabled" or "disabled"))
        {
            throw new UnrecoverableException($"{node.Node.Name}: {unit} is {CommandOutput.Tail(state)} and can not be {wanted}");
        }

        Classify(node, $"systemctl {verb} {unit}", await node.RunAsync(["systemctl", verb, unit], ShortPatience, ct));
        if (await EnabledAsync(node, unit, ct) is var now && now != wanted)
        {
            throw new UnrecoverableException($"{node.Node.Name}: systemctl {verb} answered, but {unit} is {CommandOutput.Tail(now)}");
        }
    }

    public static async Task DaemonReloadAsync(NodeContext node, CancellationToken ct) =>
        Classify(node, "systemctl daemon-reload", await node.RunAsync(["systemctl", "daemon-reload"], ShortPatience, ct));

    /// <summary>SIGHUP to Scylla itself, not to what it started (facts 4.3).</summary>
    public static async Task HangUpAsync(NodeContext node, string unit, CancellationToken ct) => Classify(
        node, $"systemctl kill -s HUP {unit}", await node.RunAsync(["systemctl", "kill", "-s", "HUP", "--kill-who=main", unit], ShortPatience, ct));

    /// <exception cref="UnrecoverableException">4 no permission, 5 no such unit (systemctl(1)), 126 and 127 no such program: another attempt finds the same.</exception>
    /// <exception cref="RecoverableException">The rest, which may pass.</exception>
    public static void Classify(NodeContext node, string what, CommandResult result)
    {
        if (result.Exit == 0)
        {
            return;
        }

        var text = $"{node.Node.Name}: {what}: exit {result.Exit}: {CommandOutput.Tail(result.Output)}";
        throw result.Exit is 4 or 5 or 126 or 127 ? new UnrecoverableException(text) : new RecoverableException(text);
    }

    public static bool IsScylla(string unit) => unit is Scylla or Scylla + ".service";

    private static Task<CommandResult> ReadAsync(NodeContext node, ImmutableArray<string> argv, CancellationToken ct) =>
        NodeCommands.ReadAsync(node.Commands, node.Node, argv, ReadPatience, ct);

    private static string? ResultOf(string shown) => shown
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(property => property.StartsWith("Result=", StringComparison.Ordinal))?["Result=".Length..];
}
