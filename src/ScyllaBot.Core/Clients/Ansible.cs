using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary><c>ansible-playbook</c> on the cluster's runner: an executable on a named host, limited to one node.</summary>
/// <param name="Playbook">Relative to the runner's folder.</param>
/// <param name="Tags">Only tasks with one of them; empty = all.</param>
/// <param name="ExtraVars">Each <c>name=value</c>.</param>
internal sealed record Ansible(string Playbook, IReadOnlyList<string> Tags, IReadOnlyList<string> ExtraVars)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(4);

    /// <summary>Runs it for one node.</summary>
    public async Task RunAsync(NodeContext context, CancellationToken ct)
    {
        var (runner, argv) = (RunnerOf(context.Cluster), Argv(context));

        // A runner serves several clusters: it keeps an epoch for each lease, so none of them fences another one out.
        var onRunner = new NodeContext(context, runner);
        Classify(context, await NodeCommands.RunAsync(onRunner, argv, Patience, ct));
    }

    /// <summary>What it would change: <c>--check --diff</c>, for plans. Tasks that can not be tried out are skipped by Ansible itself.</summary>
    /// <returns>Its output.</returns>
    public async Task<string> DiffAsync(NodeContext context, CancellationToken ct)
    {
        var command = new RemoteCommand([.. Argv(context), "--check", "--diff"], Patience);
        var result = await NodeCommands.ReadAsync(context.Commands, RunnerOf(context.Cluster), command, ct);
        Classify(context, result);
        return result.Output;
    }

    public static Node RunnerOf(Cluster cluster) =>
        (cluster.Ansible ?? throw new UnrecoverableException($"{cluster.Name} has no ansible in the inventory")).Host(cluster);

    // The node stands among the first words: they name the receipt, and one runner does the work of all nodes.
    private ImmutableArray<string> Argv(NodeContext context)
    {
        var runner = context.Cluster.Ansible ?? throw new UnrecoverableException($"{context.Cluster.Name} has no ansible in the inventory");
        var folder = runner.Directory.TrimEnd('/');
        return
        [
            "ansible-playbook", "--limit", context.Node.Labels.GetValueOrDefault("ansible_host", context.Node.Name),
            "-i", $"{folder}/{runner.InventoryFile}",
            .. Tags.Count == 0 ? Array.Empty<string>() : ["--tags", string.Join(',', Tags)],
            .. ExtraVars.SelectMany(v => new[] { "-e", v }),
            $"{folder}/{Playbook}",
        ];
    }

    private void Classify(NodeContext context, CommandResult result)
    {
        if (result.Exit == 0)
        {
            return;
        }

        var text = $"{context.Node.Name}: {Playbook}: exit {result.Exit}: {CommandOutput.Tail(result.Output)}";
        // 4: the host could not be reached. 2: tasks failed, others were applied. 1, 5, 127 …: it was called wrongly or is not there.
        throw result.Exit == 4 ? new RecoverableException(text) : new UnrecoverableException(text);
    }
}
