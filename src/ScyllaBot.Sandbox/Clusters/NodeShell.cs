using System.Collections.Immutable;
using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>The commands a simulated machine knows. They work whether scylla runs or not.</summary>
internal sealed class NodeShell(SimNode node)
{
    /// <summary>Units besides scylla's own: on or off, with no behaviour of their own.</summary>
    private readonly Dictionary<string, bool> _companions = new(StringComparer.Ordinal)
    {
        ["scylla-manager-agent.service"] = true,
        ["scylla-node-exporter.service"] = true,
        ["scylla-housekeeping-daily.timer"] = true,
        ["scylla-housekeeping-restart.timer"] = true,
        ["scylla-fstrim.timer"] = true,
    };

    /// <summary>Starts the command; what it changes goes on whether or not anybody waits for the result. Call inside the agenda.</summary>
    public Task<CommandResult> RunAsync(ImmutableArray<string> argv, string? stdin, Cause cause)
    {
        argv = WithoutSudo(argv);
        return argv switch
        {
            ["systemctl", .. var rest] => SystemctlAsync(rest, cause),
            ["cqlsh", .. var rest] => CqlAsync(rest, stdin),
            ["hostname", ..] => Done(0, node.Id.Name),
            ["true"] => Done(0, ""),
            ["echo", .. var words] => Done(0, string.Join(' ', words)),
            ["date", "+%s"] => Done(0, node.Cluster.Agenda.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ["cat", "/proc/sys/kernel/random/boot_id"] => Done(0, node.BootId.ToString()),
            [var other, ..] => Done(127, $"{other}: command not found"),
            _ => Done(127, "empty command"),
        };
    }

    private static ImmutableArray<string> WithoutSudo(ImmutableArray<string> argv) =>
        argv is not ["sudo", .. var rest] ? argv : [.. rest.SkipWhile(word => word.StartsWith('-'))];

    private static Task<CommandResult> Done(int exit, string output) => Task.FromResult(new CommandResult(exit, output));

    private Task<CommandResult> SystemctlAsync(ImmutableArray<string> words, Cause cause)
    {
        var plain = words.Where(word => !word.StartsWith('-')).ToImmutableArray();
        if (plain is not [var verb, var name, ..])
        {
            return Done(1, "systemctl: expected a verb and a unit");
        }

        var unit = name.Contains('.', StringComparison.Ordinal) ? name : name + ".service";
        if (string.Equals(unit, ScyllaUnit.Name, StringComparison.Ordinal))
        {
            return verb switch
            {
                "start" => node.Unit.StartAsync(cause, "start"),
                "stop" => node.Unit.StopAsync(cause),
                "restart" => node.Unit.RestartAsync(cause),
                "is-active" => IsActive(node.Unit.ActiveState),
                "show" => Show(words, node.Unit.ActiveState, node.Unit.SubState, node.Unit.Result, "loaded"),
                _ => Done(1, $"Unknown command verb '{verb}'."),
            };
        }

        return Companion(words, verb, unit);
    }

    private Task<CommandResult> Companion(ImmutableArray<string> words, string verb, string unit)
    {
        var known = _companions.TryGetValue(unit, out var on);
        switch (verb)
        {
            case "is-active":
                return known ? IsActive(on ? "active" : "inactive") : Done(4, "inactive");
            case "show":
                return Show(words, on ? "active" : "inactive", on ? "running" : "dead", "success", known ? "loaded" : "not-found");
            case "start" or "stop" or "restart":
                if (!known)
                {
                    return Done(5, $"Failed to {verb} {unit}: Unit {unit} not {(verb is "stop" ? "loaded" : "found")}.");
                }

                _companions[unit] = verb is not "stop";
                return Done(0, "");
            default:
                return Done(1, $"Unknown command verb '{verb}'.");
        }
    }

    private static Task<CommandResult> IsActive(string state) => Done(state is "active" ? 0 : 3, state);

    /// <summary>All properties, or those named by -p, --property or --property=, a comma between several; one a line.</summary>
    private static Task<CommandResult> Show(ImmutableArray<string> words, string active, string sub, string result, string load)
    {
        var wanted = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] is "-p" or "--property" && i + 1 < words.Length)
            {
                wanted.AddRange(words[i + 1].Split(','));
            }
            else if (words[i].StartsWith("--property=", StringComparison.Ordinal))
            {
                wanted.AddRange(words[i]["--property=".Length..].Split(','));
            }
        }

        (string Name, string Value)[] all = [("LoadState", load), ("ActiveState", active), ("SubState", sub), ("Result", result)];
        var lines = all.Where(property => wanted.Count == 0 || wanted.Contains(property.Name, StringComparer.Ordinal));
        return Done(0, string.Join('\n', lines.Select(property => $"{property.Name}={property.Value}")));
    }

    private Task<CommandResult> CqlAsync(ImmutableArray<string> words, string? stdin)
    {
        var at = words.IndexOf("-e") is var e and >= 0 ? e : words.IndexOf("--execute");
        var isGiven = words.IndexOf("--credentials") is var c and >= 0 && c + 1 < words.Length && words[c + 1] is "/dev/stdin";
        var statement = at >= 0 && at + 1 < words.Length ? words[at + 1] : isGiven ? null : stdin;
        return Task.FromResult(Cqlsh.Run(node, statement, isGiven ? stdin ?? "" : null));
    }
}
