using ScyllaBot.Core.Control;
using Scyllactl.Bot;

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
        return views.Where(v => !v.Nodes.IsEmpty && v.Nodes.All(n => n.Name.StartsWith(name + "-", StringComparison.Ordinal))).Select(v => v.Cluster.Name).ToArray()
            is [var only] ? only : name;
    }

    /// <exception cref="StopException">No cluster has it, or several do.</exception>
    public static async Task<string> OfNodeAsync(string node, BotClient bot, CancellationToken ct)
    {
        var clusters = (await bot.AskAsync<ClusterList>(ControlRoutes.Clusters, [], ct)).Clusters;
        var views = await ViewsAsync(clusters.Select(c => c.Name), bot, ct);
        return views.Where(v => v.Nodes.Any(n => n.Name == node)).Select(v => v.Cluster.Name).ToArray() switch
        {
            [var only] => only,
            [] => throw new StopException(ExitCodes.Refused, $"No cluster has a node {node}{Hint(node, views)}."),
            var several => throw new StopException(ExitCodes.Refused, $"{node} is in {string.Join(" and ", several)}: say --cluster."),
        };
    }

    private static async Task<ClusterView[]> ViewsAsync(IEnumerable<string> clusters, BotClient bot, CancellationToken ct) =>
        await Task.WhenAll(clusters.Select(c => bot.AskAsync<ClusterView>(ControlRoutes.Cluster, [c], ct)));

    private static string Hint(string node, ClusterView[] views) =>
        ScyllaBot.Core.Tasks.Nearest.To(node, views.SelectMany(v => v.Nodes).Select(n => n.Name)) is { } near ? $"; did you mean {near}" : "";
}
