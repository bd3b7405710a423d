using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>How a value is compared.</summary>
public enum Comparison
{
    AtMost,
    Below,
    AtLeast,
    Above,
    Equal,
    NotEqual,
}

/// <summary>
/// Every row of a PromQL query compares as wanted. Absent is not 0 and NaN is no data: neither holds. The targets it speaks of must be
/// scraped right now, or the numbers are of a node that may be dead (facts 7.34).
/// </summary>
[Tag("prometheus-query", "Prometheus query holds")]
[Example("query: max(scylla_gossip_unreachable{job=\"scylla\",{matcher}})\nis: at_most\nvalue: 0")]
public sealed record PrometheusQuery : IClusterCondition
{
    [Description("PromQL; {matcher}, last in a selector, stands for the labels of this cluster or node")]
    public required string Query { get; init; }

    /// <value>Default at_most.</value>
    [Description("How each row is compared with the value")]
    public Comparison Is { get; init; } = Comparison.AtMost;

    /// <value>Default 0.</value>
    [Description("What each row is compared with")]
    public double Value { get; init; }

    /// <value>Default cluster.</value>
    [Description("Whether {matcher} picks the whole cluster or the step's own node")]
    public MetricScope Scope { get; init; } = MetricScope.Cluster;

    /// <value>Default scylla.</value>
    [Description("Scrape job whose targets must be up"), RegularExpression("[A-Za-z0-9_.:/-]{1,100}")]
    public string Job { get; init; } = "scylla";

    /// <value>Default 0: one for each node that the job does not hold, by its name or address.</value>
    [Description("How many targets of that job must be up, where they are not the nodes themselves"), Range(0, 100_000)]
    public int Targets { get; init; }

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var prometheus = Prometheus.Of(context);
        var nodes = Traffic.Watched(context, Scope);
        var stale = Targets > 0 ? await prometheus.WhyNotFreshAsync(Job, Targets, ct) : await prometheus.WhyNotFreshAsync(Job, nodes, ct);
        if (stale is not null)
        {
            return stale;
        }

        var query = prometheus.Fill(Query, context is NodeContext subject && Scope == MetricScope.Node ? subject.Node : null);
        var answer = await prometheus.QueryAsync(query, ct);
        var values = answer.Values;
        if (values.IsEmpty || values.Any(double.IsNaN))
        {
            return values.IsEmpty ? $"Prometheus has nothing for {Short(query)}" : $"Prometheus has no data (NaN) for {Short(query)}";
        }

        var wrong = values.Where(v => !Holds(v)).ToArray();
        var shown = wrong.Length == 0 ? values[0] : wrong[0];
        context.Observe(new Reading(Short(query), shown, "", "Prometheus") { Bound = Value });
        return wrong.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Short(query)} is {shown:G6}, wanted {Words} {Value:G6}{(wrong.Length > 1 ? $" ({wrong.Length} rows)" : "")}")
            : answer.Warnings is [var warning, ..] ? $"Prometheus answered a part only: {warning}" : null;
    }

    private string Words => Input.Snake(Is.ToString()).Replace('_', ' ');

    private bool Holds(double value) => Is switch
    {
        Comparison.AtMost => value <= Value,
        Comparison.Below => value < Value,
        Comparison.AtLeast => value >= Value,
        Comparison.Above => value > Value,
        Comparison.Equal => value.Equals(Value),
        _ => !value.Equals(Value),
    };

    private static string Short(string query) => Shortened.To(query, 120);
}
