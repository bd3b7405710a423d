using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Discord.Commands;

/// <summary>Lists and explanations for one person.</summary>
internal static class JobViews
{
    public static Notice Jobs(ImmutableArray<JobSummary> jobs, bool all) => NoticeLimits.Fit(
        new Notice(Severity.Info, all ? "Latest jobs" : "Open jobs")
        {
            Body = jobs.IsEmpty ? "None. Start one with `/scp run`." : TextLines.Of(jobs.Select(Job), 4000),
        });

    /// <param name="view">Everyone's view, of fixed width; null when nobody looks.</param>
    public static Notice Why(JobId job, ImmutableArray<string> lines, string? view) => NoticeLimits.Fit(
        new Notice(Severity.Info, $"Why does job {Markup.Escape(job.Value, 40)} wait?")
        {
            Body = lines.IsEmpty ? "It waits for nothing." : TextLines.Of(lines.Select(TextLines.Plain), 4000),
            Parts = [new("Everyone's view", Markup.Block(view))],
        });

    public static Notice Clusters(IEnumerable<Cluster> clusters, ImmutableArray<JobSummary> open) => NoticeLimits.Fit(
        new Notice(Severity.Info, "Clusters")
        {
            Parts = [.. clusters.Select(c => new NoticePart(Markup.Escape(c.Name, 100), Cluster(c, open)))],
        });

    /// <param name="cluster">With the identities that the ring tells.</param>
    /// <param name="open">Its jobs.</param>
    /// <param name="debts">What is owed there.</param>
    /// <param name="written">As the inventory's file has it.</param>
    public static Notice Cluster(Cluster cluster, IEnumerable<JobSummary> open, ImmutableArray<Debt> debts, Cluster? written) => NoticeLimits.Fit(
        new Notice(Severity.Info, $"Cluster {Markup.Escape(cluster.Name, 100)}")
        {
            Body = TextLines.Of(cluster.Nodes.OrderBy(n => n.Zone).GroupBy(n => n.Zone).SelectMany(zone => Nodes(zone, written)), 3500),
            Parts = [new("Now", Cluster(cluster, [.. open])), new("Owed", DebtNotice.Short(debts, 1000))],
        });

    private static string Job(JobSummary job)
    {
        var held = job.Held > 0 ? $", **{job.Held} down by us**" : "";
        var state = job.Outcome?.ToString() ?? job.State.ToString();
        return $"{Markup.Code(job.Id.Value, 40)} **{state}** {Markup.Escape(job.Title, 80)} on {Markup.Escape(job.Cluster, 60)}, "
            + $"{job.Targets} nodes{held}, by {Markup.Person(job.Operator.Id)} {Markup.Ago(job.Updated)}";
    }

    private static string Cluster(Cluster cluster, ImmutableArray<JobSummary> open)
    {
        var zones = cluster.Nodes.GroupBy(n => n.Zone).OrderBy(g => g.Key).Select(g => $"{Markup.Code(g.Key.ToString(), 60)} {g.Count()}");
        var jobs = open.Where(j => j.Cluster == cluster.Name).Select(Job).DefaultIfEmpty("no open job");
        return TextLines.Of(
            [$"{cluster.Environment}, mode {cluster.Mode}, {cluster.Members.Count()} nodes{(cluster.Nodes.Length > cluster.Members.Count() ? $" and {cluster.Nodes.Length - cluster.Members.Count()} not in the ring by the inventory" : "")}: {string.Join(", ", zones)}", .. jobs], 1000);
    }

    private static IEnumerable<string> Nodes(IGrouping<Zone, Node> zone, Cluster? written) =>
        [$"**{Markup.Escape(zone.Key.ToString(), 80)}**", .. zone.Select(n => $"- {Markup.Code(n.Name, 80)} {Markup.Code(n.Address, 50)}{Ring(n, written?.Find(n.Name))}")];

    private static string Ring(Node node, Node? written) => !node.IsInRing ? ", not in the ring yet"
        : written is { IsInRing: false } ? $", joined: add host_id {Markup.Code(node.HostId.ToString(), 40)} to the inventory" : "";
}
