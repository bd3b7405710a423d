using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>The inventory's clusters as the endpoint shows them.</summary>
public static class ClusterLists
{
    public static ClusterLine Line(Cluster cluster, IEnumerable<JobSummary> open, IEnumerable<Debt> debts) => new(
        cluster.Name, cluster.Environment, cluster.Mode, cluster.Nodes.Length, cluster.Members.Count(),
        [.. cluster.Nodes.GroupBy(n => n.Zone).OrderBy(g => g.Key).Select(g => new ZoneLine(g.Key.ToString(), g.Count()))],
        [.. open.Where(j => j.Cluster == cluster.Name).Select(JobLine.Of)], debts.Count(d => d.Cluster == cluster.Name));

    /// <param name="cluster">With the identities that the ring tells.</param>
    /// <param name="written">As the inventory's file has it.</param>
    /// <param name="open">Open jobs.</param>
    /// <param name="debts">Its debts.</param>
    /// <param name="now">Engine time.</param>
    public static ClusterView View(Cluster cluster, Cluster? written, IEnumerable<JobSummary> open, ImmutableArray<Debt> debts, DateTimeOffset now) => new(
        Line(cluster, open, debts), [.. cluster.Nodes.OrderBy(n => n.Zone).Select(n => Node(n, written?.Find(n.Name)))], [.. PlanVerdict.Policy(cluster)],
        [.. cluster.Exemptions.Select(e => $"{e.Keyspace}: {e.Reason}, by {e.By}{(e.Until is { } until ? $", until {until:yyyy-MM-dd}" : "")}")],
        [.. debts.Select(d => DebtLine.Of(d, now))]);

    private static ClusterNode Node(Node node, Node? written) => new(
        node.Name, node.Address, node.IsInRing ? node.HostId.ToString() : null, node.Zone.ToString(), node.FailureDomain,
        node.IsInRing && written is { IsInRing: false });
}
