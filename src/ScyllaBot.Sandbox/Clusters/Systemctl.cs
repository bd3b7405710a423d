using System.Collections.Immutable;
using System.IO.Enumeration;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>`systemctl` of a simulated machine, with the exit codes of systemctl(1).</summary>
internal static class Systemctl
{
    public static Task<CommandResult> RunAsync(ShellCall call)
    {
        switch (call.Plain)
        {
            case ["reboot", ..]:
                call.Machine.Reboot(call.Cause);
                return ShellCall.Done(0, "");
            case ["daemon-reload", ..]:
                return ShellCall.Done(0, "");
            case ["is-system-running", ..]:
                return ShellCall.Done(0, call.Machine.IsShuttingDown ? "stopping" : "running");
            case ["list-units", var pattern]:
                return ShellCall.Done(0, string.Join('\n', call.Machine.Timers.Waiting.Where(unit => FileSystemName.MatchesSimpleExpression(pattern, unit, ignoreCase: false))
                    .Select(unit => $"{unit} loaded active waiting {unit[..^".timer".Length]}")));
            case [var verb, var first, .. var rest]:
                return OnUnit(call, verb, MachineUnits.FullName(verb is "kill" ? rest.LastOrDefault(first) : first));
            default:
                return ShellCall.Done(1, "systemctl: expected a verb and a unit");
        }
    }

    private static Task<CommandResult> OnUnit(ShellCall call, string verb, string unit)
    {
        var isScylla = string.Equals(unit, ScyllaUnit.Name, StringComparison.Ordinal);
        var known = call.Machine.Units.IsKnown(unit) || call.Machine.Timers.IsActive(unit);
        switch (verb)
        {
            case "is-active":
                return known ? IsActive(StateOf(call, unit)) : ShellCall.Done(4, "inactive");
            case "show":
                return Show(call, unit, known);
            case "is-enabled" when known:
                return call.Machine.Units.IsEnabled(unit) ? ShellCall.Done(0, "enabled") : ShellCall.Done(1, "disabled");
            case "is-enabled":
                return ShellCall.Done(1, $"Failed to get unit file state for {unit}: No such file or directory");
            case "start" or "stop" or "restart" or "kill" when !known:
                return ShellCall.Done(5, $"Failed to {verb} {unit}: Unit {unit} not {(verb is "stop" or "kill" ? "loaded" : "found")}.");
            case "enable" or "disable" when !known:
                return ShellCall.Done(1, $"Failed to {verb} unit: Unit file {unit} does not exist.");
            case "enable" or "disable":
                call.Machine.Units.Enable(unit, verb is "enable", call.Cause);
                return ShellCall.Done(0, "");
            case "kill":
                return Kill(call, isScylla);
            case "start" or "stop" or "restart":
                return isScylla ? OnScylla(call, verb) : OnCompanion(call, verb, unit);
            default:
                return ShellCall.Done(1, $"Unknown command verb '{verb}'.");
        }
    }

    private static string StateOf(ShellCall call, string unit) => string.Equals(unit, ScyllaUnit.Name, StringComparison.Ordinal)
        ? call.Node.Unit.ActiveState
        : call.Machine.Timers.IsActive(unit) || call.Machine.Units.IsOn(unit) ? "active" : "inactive";

    private static Task<CommandResult> OnScylla(ShellCall call, string verb)
    {
        if (verb is not "stop" && call.Machine.IsShuttingDown)
        {
            return ShellCall.Done(1, $"Failed to {verb} {ScyllaUnit.Name}: Transaction for {ScyllaUnit.Name}/start is destructive.");
        }

        return verb switch
        {
            "start" => call.Node.Unit.StartAsync(call.Cause, "start"),
            "stop" => call.Node.Unit.StopAsync(call.Cause),
            _ => call.Node.Unit.RestartAsync(call.Cause),
        };
    }

    private static Task<CommandResult> OnCompanion(ShellCall call, string verb, string unit)
    {
        if (verb is "stop" && call.Machine.Timers.Stop(unit, call.Cause))
        {
            return ShellCall.Done(0, "");
        }

        if (verb is "restart")
        {
            call.Machine.Units.Restart(unit, call.Cause);
        }
        else
        {
            call.Machine.Units.Turn(unit, verb is "start", call.Cause);
        }

        return ShellCall.Done(0, "");
    }

    private static Task<CommandResult> Kill(ShellCall call, bool isScylla)
    {
        var at = call.Words.IndexOf("-s");
        if (!isScylla || at < 0 || at + 1 == call.Words.Length || call.Words[at + 1] is not ("HUP" or "SIGHUP"))
        {
            return ShellCall.Done(1, "systemctl kill: the sandbox knows -s HUP for scylla-server only");
        }

        if (call.Node.Process is not (ProcessState.Running or ProcessState.Starting))
        {
            return ShellCall.Done(1, $"Failed to kill unit {ScyllaUnit.Name}: No main process to kill");
        }

        call.Machine.Config.Reread(call.Cause);
        return ShellCall.Done(0, "");
    }

    private static Task<CommandResult> IsActive(string state) => ShellCall.Done(state is "active" ? 0 : 3, state);

    /// <summary>All properties, or those named by -p, --property or --property=, a comma between several; one a line.</summary>
    private static Task<CommandResult> Show(ShellCall call, string unit, bool known)
    {
        var wanted = new List<string>();
        for (var i = 0; i < call.Words.Length; i++)
        {
            if (call.Words[i] is "-p" or "--property" && i + 1 < call.Words.Length)
            {
                wanted.AddRange(call.Words[i + 1].Split(','));
            }
            else if (call.Words[i].StartsWith("--property=", StringComparison.Ordinal))
            {
                wanted.AddRange(call.Words[i]["--property=".Length..].Split(','));
            }
        }

        var lines = Properties(call, unit, known).Where(property => wanted.Count == 0 || wanted.Contains(property.Name, StringComparer.Ordinal));
        var value = call.Has("--value");
        return ShellCall.Done(0, string.Join('\n', lines.Select(property => value ? property.Value : $"{property.Name}={property.Value}")));
    }

    private static ImmutableArray<(string Name, string Value)> Properties(ShellCall call, string unit, bool known)
    {
        var enabled = !known ? "" : call.Machine.Units.IsEnabled(unit) ? "enabled" : "disabled";
        if (string.Equals(unit, ScyllaUnit.Name, StringComparison.Ordinal))
        {
            var scylla = call.Node.Unit;
            var run = call.Node.Cluster.Dice.Uuid($"{call.Node.Id.Name}/invocation/{call.Node.Run}").ToString("N");
            return
            [
                ("LoadState", "loaded"), ("ActiveState", scylla.ActiveState), ("SubState", scylla.SubState), ("Result", scylla.Result),
                ("UnitFileState", enabled), ("InvocationID", run),
            ];
        }

        var state = StateOf(call, unit);
        return
        [
            ("LoadState", known ? "loaded" : "not-found"), ("ActiveState", state), ("SubState", state is "active" ? "running" : "dead"),
            ("Result", "success"), ("UnitFileState", enabled),
        ];
    }
}
