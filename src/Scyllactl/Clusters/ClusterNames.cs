using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using Scyllactl.Bot;
using Scyllactl.Show;

namespace Scyllactl.Clusters;

/// <summary>Which cluster is meant by a name of it or of one of its nodes.</summary>
internal static class ClusterNames
{
    /// <summary>
    /// The inventory's name for it. Where the machines of a cluster are called <c>scylla-messages-prd-…</c>, people call the cluster that as well: such a
    /// beginning of every node's name is taken for it, if it fits one cluster only.
    /// </summary>
    public static async Task<string> CanonicalAsync(string name, BotClient bot, CancellationToken ct)
    {
        var clusters = (await bot.AskAsync<ClusterList>(ControlRoutes.Clusters, [], ct)).Clusters;
        if (clusters.Any(c => c.Name == name))
        {
            return name;
        }

        var views = await ViewsAsync(clusters.Select(c => c.Name).Where(c => name.EndsWith(c, StringComparison.Ordinal)), bot, ct);
        if (views.Where(v => !v.Nodes.IsEmpty && v.Nodes.All(n => n.Name.StartsWith(name + "-", StringComparison.Ordinal))).Select(v => v.Cluster.Name).ToArray() is [var only])
        {
            return only;
        }

        // What is like none is the bot's to refuse.
        return Nearest.To(name, clusters.Select(c => c.Name)) is { } near
            ? throw new StopException(ExitCodes.Refused, $"There is no cluster {Clean.Quoted(name)}; did you mean {near}?") : name;
    }

    /// <param name="node">A node's name.</param>
    /// <param name="mayBePattern">Or what several nodes of one cluster are like.</param>
    /// <exception cref="StopException">No cluster has it, or several do.</exception>
    public static async Task<string> OfNodeAsync(string node, BotClient bot, CancellationToken ct, bool mayBePattern = false)
    {
        var isPattern = Glob.IsPattern(node);
        if (isPattern && !mayBePattern)
        {
            throw new StopException(ExitCodes.Refused, $"One node's name is wanted, not the pattern {Clean.Quoted(node)}.");
        }

        var clusters = (await bot.AskAsync<ClusterList>(ControlRoutes.Clusters, [], ct)).Clusters;
        var views = await ViewsAsync(clusters.Select(c => c.Name), bot, ct);
        return views.Where(v => v.Nodes.Any(n => isPattern ? Glob.IsMatch(node, n.Name) : n.Name == node)).Select(v => v.Cluster.Name).ToArray() switch
        {
            [var only] => only,
            [] => throw new StopException(ExitCodes.Refused, $"No cluster has a node {(isPattern ? "like " : "")}{Clean.Line(node, 80)}{Hint(node, views)}."),
            var several => throw new StopException(ExitCodes.Refused, $"{Clean.Line(node, 80)} is in {string.Join(" and ", several)}: say --cluster."),
        };
    }

    private static async Task<ClusterView[]> ViewsAsync(IEnumerable<string> clusters, BotClient bot, CancellationToken ct) =>
        await Task.WhenAll(clusters.Select(c => bot.AskAsync<ClusterView>(ControlRoutes.Cluster, [c], ct)));

    private static string Hint(string node, ClusterView[] views) =>
        Nearest.To(node, views.SelectMany(v => v.Nodes).Select(n => n.Name)) is { } near ? $"; did you mean {near}" : "";
}
