using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Alertmanager has no alert of this cluster that fires and that nobody silenced. An Alertmanager that hears nothing has none either: name a heartbeat.</summary>
[Tag("no-firing-alerts", "No firing alerts")]
[Example("filter: ['severity=\"critical\"']\nheartbeat: Watchdog")]
public sealed record NoFiringAlerts : IClusterCondition
{
    private const int Shown = 3;

    /// <value>Default none: all alerts of the cluster.</value>
    [Description("Label matchers that an alert must fit to count, each such as severity=\"critical\""), RegularExpression("[A-Za-z_][A-Za-z0-9_]*(=|!=|=~|!~)\"[^\"]*\"")]
    public IReadOnlyList<string> Filter { get; init; } = [];

    /// <value>Default none.</value>
    [Description("Names of alerts that do not count"), RegularExpression("[A-Za-z0-9_:. -]{1,200}")]
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <value>Default none.</value>
    [Description("An alert that always fires: without it Alertmanager hears nothing and proves nothing"), RegularExpression("[A-Za-z0-9_:. -]{0,200}")]
    public string Heartbeat { get; init; } = "";

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var alertmanager = Alertmanager.Of(context);
        if (Heartbeat.Length > 0 && (await new Alertmanager(
            context.Cluster.Alertmanager! with { Matcher = "" }, context.Http, context.Stamp).FiringAsync([new("alertname", Heartbeat, false, true)], ct)).IsEmpty)
        {
            return $"{Heartbeat} does not fire: Alertmanager hears nothing";
        }

        var alerts = await alertmanager.FiringAsync(Filter.SelectMany(f => LabelMatcher.ParseAll(f)), ct);
        var count = alerts.Where(a => a.Name != Heartbeat && !Ignore.Contains(a.Name, StringComparer.Ordinal)).ToArray();
        context.Observe(new Reading("firing alerts", count.Length, "", "Alertmanager") { Bound = 0 });
        return count.Length == 0 ? null
            : $"{count.Length} {(count.Length == 1 ? "alert fires" : "alerts fire")}: {string.Join(", ", count.Take(Shown))}{(count.Length > Shown ? " …" : "")}";
    }
}
