using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports.NodeSide;

namespace ScyllaBot.Real;

/// <summary><c>ScyllaBot nodes check | install FILE [NODE…]</c>: whether nodes have this bot's scyllabot-node, and putting it there.</summary>
internal sealed class NodesCommand(NodeHelperInstall helper, TextWriter output, TextWriter errors)
{
    public const string Usage = """
        ScyllaBot nodes: the script on each node that keeps receipts and the list of what may be run (docs/node-access.md).

          nodes check INVENTORY [NODE…]      say which nodes have this bot's own scyllabot-node
          nodes install INVENTORY [NODE…]    put it there; the login must be allowed to run anything by sudo

        Without node names it is all nodes of the file. Exit codes: 0 all have it, 1 some have not, 2 wrong arguments or files.
        """;

    /// <param name="args">After <c>nodes</c>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken ct)
    {
        if (args.Any(a => a is "--help" or "-h" or "help"))
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }

        if (args.Count < 2 || args[0] is not ("check" or "install"))
        {
            await errors.WriteLineAsync("nodes needs check or install, and an inventory. nodes --help explains.");
            return 2;
        }

        try
        {
            var all = InventoryFile.Read(args[1]).Clusters.SelectMany(c => c.Nodes).ToArray();
            var unknown = args.Skip(2).Where(name => Array.TrueForAll(all, n => n.Name != name)).ToArray();
            if (unknown.Length > 0)
            {
                await errors.WriteLineAsync($"{args[1]} has no node {string.Join(", ", unknown)}");
                return 2;
            }

            var failed = 0;
            foreach (var node in all.Where(n => args.Count == 2 || args.Contains(n.Name, StringComparer.Ordinal)))
            {
                failed += await OneAsync(node, args[0] == "install", ct) ? 0 : 1;
            }

            return failed == 0 ? 0 : 1;
        }
        catch (StartRefusedException wrong)
        {
            await errors.WriteLineAsync(wrong.Message);
            return 2;
        }
    }

    private async Task<bool> OneAsync(Node node, bool install, CancellationToken ct)
    {
        try
        {
            var (isThere, says) = install
                ? (true, await helper.InstallAsync(node, ct) ? "installed" : "was there already")
                : await helper.IsCurrentAsync(node, ct) ? (true, "has it") : (false, "has none, or another version: nodes install");
            await output.WriteLineAsync($"{node.Name}: {says}");
            return isThere;
        }
        catch (Exception no) when (no is ExchangeException or RefusedException)
        {
            await output.WriteLineAsync($"{node.Name}: {no.Message}");
            return false;
        }
    }
}
