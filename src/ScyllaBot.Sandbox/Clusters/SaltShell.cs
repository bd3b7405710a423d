using System.Collections.Immutable;
using System.Text.Json;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>`salt-call` and `ansible-playbook` of a simulated machine. What they change goes on whether or not anybody waits.</summary>
internal static class SaltShell
{
    private static readonly TimeSpan _playbook = TimeSpan.FromSeconds(30);

    public static Task<CommandResult> RunAsync(SimNode node, ImmutableArray<string> argv, Cause cause) => argv switch
    {
        ["salt-call", .. var words] => SaltCallAsync(node, words, cause),
        ["ansible-playbook", .. var words] => AnsibleAsync(node.Cluster, words, cause),
        _ => Task.FromResult(new CommandResult(127, $"{argv[0]}: command not found")),
    };

    private static Task<CommandResult> SaltCallAsync(SimNode node, ImmutableArray<string> words, Cause cause)
    {
        var plain = words.Where(word => !word.StartsWith('-')).ToArray();
        var test = plain.Contains("test=True", StringComparer.Ordinal);
        var sls = plain.Skip(1).FirstOrDefault(word => !word.Contains('=', StringComparison.Ordinal));
        return LaterAsync(node.Cluster, SaltMinions.Length, () =>
        {
            var salt = node.Cluster.Services.OfType<SimSalt>().Single();
            if (plain.Length == 0 || salt.Minions.Run(node, plain[0], sls, test, cause) is not { } outcome)
            {
                return new CommandResult(254, $"'{plain.FirstOrDefault()}' is not available.");
            }

            var passes = words.Contains("--retcode-passthrough", StringComparer.Ordinal);
            var told = JsonSerializer.Serialize(new Dictionary<string, object>(StringComparer.Ordinal) { ["local"] = outcome.Return });
            return new CommandResult(passes ? outcome.RetCode : 0, told);
        });
    }

    /// <summary>Playbooks by their names: `broken` fails tasks (2), `unreachable` does not reach the host (4), any other changes the host once.</summary>
    private static Task<CommandResult> AnsibleAsync(SimCluster cluster, ImmutableArray<string> words, Cause cause)
    {
        var limit = words.IndexOf("--limit") is var at and >= 0 && at + 1 < words.Length ? words[at + 1] : null;
        var playbook = words.LastOrDefault(word => word.EndsWith(".yml", StringComparison.Ordinal) && !word.Contains("hosts", StringComparison.Ordinal)) ?? "";
        var node = cluster.Nodes.FirstOrDefault(n => string.Equals(n.Id.Name, limit, StringComparison.Ordinal));
        if (node is null || playbook.Length == 0)
        {
            return Task.FromResult(new CommandResult(1, "ERROR! Specified inventory, host pattern and/or --limit leaves us with no hosts to target."));
        }

        var check = words.Contains("--check", StringComparer.Ordinal);
        return LaterAsync(cluster, _playbook, () =>
        {
            if (playbook.Contains("unreachable", StringComparison.Ordinal))
            {
                return Recap(4, node, "ok=0    changed=0    unreachable=1    failed=0");
            }

            if (playbook.Contains("broken", StringComparison.Ordinal))
            {
                return Recap(2, node, "ok=1    changed=0    unreachable=0    failed=1");
            }

            var outcome = cluster.Services.OfType<SimSalt>().Single().Minions.Run(node, "state.apply", "ansible", check, cause)!;
            var changed = JsonSerializer.Serialize(outcome.Return).Contains("New file", StringComparison.Ordinal);
            return Recap(0, node, $"ok=2    changed={(changed ? 1 : 0)}    unreachable=0    failed=0", check && changed ? "+++ after\n+fs.aio-max-nr = 30000000\n" : "");
        });
    }

    private static CommandResult Recap(int exit, SimNode node, string counts, string diff = "") => new(
        exit, $"{diff}PLAY RECAP *********************************************************************\n{node.Id.Name} : {counts}    skipped=0    rescued=0    ignored=0");

    private static Task<CommandResult> LaterAsync(SimCluster cluster, TimeSpan after, Func<CommandResult> work)
    {
        var done = new TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Agenda.After(after, () => done.TrySetResult(work()));
        return done.Task;
    }
}
