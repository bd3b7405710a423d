using System.Collections.Immutable;
using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Doctor;

/// <summary>
/// A file for /etc/sudoers.d: one line for each login of clusters that may be worked on, and none for those that are only observed. What the bot
/// itself and the enabled workflows run as root stands beside it; with scyllabot-node it is that script which refuses all else.
/// </summary>
internal static class Sudoers
{
    private const string Script = "/usr/local/sbin/scyllabot-node";
    private const string Shell = "/bin/bash";

    /// <param name="inventory">Whose nodes.</param>
    /// <param name="library">The workflows; those with mistakes can not be run and need nothing.</param>
    /// <param name="only">Only this cluster; null = all.</param>
    /// <param name="userOf">Which login ssh takes; null where nobody can tell.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<string> OfAsync(
        Inventory inventory, WorkflowLibrary library, string? only, Func<NodeAccess, CancellationToken, Task<string?>> userOf, CancellationToken ct)
    {
        var text = new StringBuilder("# For a file in /etc/sudoers.d on the nodes, mode 0440; check it with visudo -cf FILE. Made by ScyllaBot doctor --print-sudoers.\n"
            + "# It is for the bot itself and the workflows of the folder; a single task that none of them has may need more.\n");
        var lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cluster in inventory.Clusters.Where(c => only is null || c.Name == only))
        {
            var needs = NeedsOf(cluster, library);
            text.Append('\n');
            if (needs.WhyNone.Length > 0)
            {
                text.Append($"# {cluster.Name}: {needs.WhyNone}\n");
                continue;
            }

            // Without it a start on production is refused (R13), also where workflows run nothing as root.
            text.Append($"# {cluster.Name}: as root for the bot itself, whichever workflow runs: what an earlier bot left (R13), work by hand (R19):\n");
            RootCommands.OfTheBot.ToList().ForEach(c => text.Append($"#   {c}\n"));
            text.Append(needs.Commands.IsEmpty ? "# and no workflow runs anything as root there\n" : $"# {cluster.Name}: as root for {string.Join(", ", needs.Workflows)}:\n");
            needs.Commands.ToList().ForEach(c => text.Append($"#   {c}\n"));
            needs.Files.ToList().ForEach(f => text.Append($"# {f}\n"));
            foreach (var (host, access) in HostsOf(cluster, needs))
            {
                await WriteAsync(text, lines, host, access, userOf, ct);
            }
        }

        return text.ToString();
    }

    private static async Task WriteAsync(
        StringBuilder text, HashSet<string> lines, string host, NodeAccess access, Func<NodeAccess, CancellationToken, Task<string?>> userOf, CancellationToken ct)
    {
        var user = await userOf(access, ct);
        var line = $"{user ?? "LOGIN"} ALL=(root) NOPASSWD: {(access.Ssh.Helper ? Script : Shell)}";
        if (!lines.Add($"{host} {line}"))
        {
            return;
        }

        text.Append(host.Length > 0 ? $"# on {host}:\n" : "");
        if (!access.Ssh.Helper)
        {
            // There is no smaller line that works: the script comes as a word of bash's, and sudo can not look into it.
            text.Append("# FULL ROOT: with helper: false the script is handed to a root shell, so sudo can not hold it to the commands above.\n");
            text.Append($"# Install {Script} (docs/node-access.md) and take helper: false out of the inventory; then a line for the script alone is enough.\n");
        }

        text.Append(user is null ? $"# Which login ssh takes is not known here: put its name for LOGIN.\n# {line}\n" : $"{line}\n");
    }

    /// <summary>Logins of its nodes, each once; and of the runner, where something is run there.</summary>
    private static IEnumerable<(string Host, NodeAccess Access)> HostsOf(Cluster cluster, Needs needs) =>
    [
        .. cluster.Nodes.Select(n => n.Access).OfType<NodeAccess>().DistinctBy(a => (a.Ssh.User, a.Ssh.Config, a.Ssh.Helper, Host: a.Ssh.User is null ? a.SshHost : "")).Select(a => ("", a)),
        .. needs.OnAnsible && cluster.Ansible?.Host(cluster).Access is { } ansible ? [(cluster.Ansible.Runner, ansible)] : Array.Empty<(string, NodeAccess)>(),
        .. needs.OnProvisioner && cluster.Provisioner?.Host(cluster).Access is { } runner ? [(cluster.Provisioner.Runner, runner)] : Array.Empty<(string, NodeAccess)>(),
    ];

    private static Needs NeedsOf(Cluster cluster, WorkflowLibrary library)
    {
        var none = cluster.Mode == ClusterMode.Observe ? "mode: observe, so nothing is run there and no line is needed"
            : cluster.Nodes.All(n => n.Access is null) ? "simulated, without sudo" : "";
        if (none.Length > 0)
        {
            return new Needs(none, [], [], []);
        }

        var used = library.All.Where(w => w.Errors.IsEmpty).Select(w => (w.File, Tags: TagsOf(cluster, w))).Where(w => w.Tags.Any(t => RootCommands.Of(t).Count > 0)).ToList();
        var tags = used.SelectMany(w => w.Tags).ToImmutableSortedSet(StringComparer.Ordinal);
        var commands = tags.SelectMany(t => RootCommands.Of(t)).Select(c => Named(cluster, c)).ToImmutableSortedSet(StringComparer.Ordinal);
        return new Needs(none, [.. used.Select(w => Path.GetFileNameWithoutExtension(w.File)).Order(StringComparer.Ordinal)], commands, [.. FilesFor(cluster, tags)])
        {
            OnAnsible = tags.Contains("ansible-playbook"),
            OnProvisioner = tags.Overlaps(["provision-hosts", "destroy-hosts"]),
        };
    }

    /// <summary>What its steps may be here: not what the cluster has not enabled or has nothing for; and a node that is taken down is brought back (R4).</summary>
    private static ImmutableSortedSet<string> TagsOf(Cluster cluster, WorkflowSource workflow)
    {
        var all = workflow.Tags;
        if (all.Any(t => RootCommands.SwitchOf(t) is { } needed && !cluster.Enables.Contains(needed)))
        {
            return all.Clear();
        }

        return RootCommands.WithRestore(all)
            .Where(t => t is not ("salt-apply" or "salt-highstate") || cluster.Salt is null)
            .Where(t => t != "ansible-playbook" || cluster.Ansible is not null).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static string Named(Cluster cluster, string command) =>
        command == "..." ? "any command at all"
        : cluster.Provisioner is { } program ? command.Replace("<provisioner>", program.Program, StringComparison.Ordinal) : command;

    /// <summary>What the script demands besides (docs/node-access.md).</summary>
    private static IEnumerable<string> FilesFor(Cluster cluster, ImmutableSortedSet<string> tags)
    {
        if (tags.Contains("wipe-data"))
        {
            yield return "wipe also needs a file /etc/scyllabot/allow-wipe on the node.";
        }

        if (tags.Contains("run-command"))
        {
            yield return "run-command also needs a file /etc/scyllabot/allow-run-command on the node: that is FULL ROOT for the login.";
        }

        if (tags.Overlaps(["provision-hosts", "destroy-hosts"]) && cluster.Provisioner is { } program)
        {
            yield return $"{program.Program} must be listed in /etc/scyllabot/provisioners on {program.Runner}.";
        }

        if (tags.Contains("ansible-playbook") && cluster.Ansible is { } ansible)
        {
            yield return $"{ansible.Directory} must be root's alone on {ansible.Runner}, or be listed in /etc/scyllabot/ansible-folders there.";
        }
    }

    private sealed record Needs(string WhyNone, ImmutableArray<string> Workflows, ImmutableSortedSet<string> Commands, ImmutableArray<string> Files)
    {
        public bool OnAnsible { get; init; }

        public bool OnProvisioner { get; init; }
    }
}
