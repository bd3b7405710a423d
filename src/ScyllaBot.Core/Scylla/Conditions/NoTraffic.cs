using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Nobody asks any more: what is torn down must not be in use (facts 7.49). A node that does not tell its requests is not idle.</summary>
[Tag("no-traffic", "No traffic")]
[Example("scope: cluster\nmax_per_second: 1")]
public sealed record NoTraffic : IClusterCondition
{
    /// <value>Default 1: drivers ask for the topology and keep connections alive.</value>
    [Description("Requests a second of one node that still count as none"), Range(0.0, 1000.0)]
    public double MaxPerSecond { get; init; } = 1;

    /// <value>Default node.</value>
    [Description("Whose requests are judged")]
    public MetricScope Scope { get; init; } = MetricScope.Node;

    /// <value>Default nodes.</value>
    [Description("Where the numbers come from")]
    public MetricSource Source { get; init; } = MetricSource.Nodes;

    /// <value>Default 10 s.</value>
    [Description("Time between the two samples of one look at the nodes"), Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var traffic = Traffic.Of(context, Source, Scope, Sample);
        var rates = await traffic.RequestsAsync(ct);
        var (busiest, most) = rates.MaxBy(r => double.IsNaN(r.Value) ? double.PositiveInfinity : r.Value);
        context.Observe(new Reading($"requests on {busiest}", most, "/s", traffic.Source) { Bound = MaxPerSecond });
        return most <= MaxPerSecond ? null : string.Create(
            CultureInfo.InvariantCulture, $"{busiest} still serves {most:0.#} requests a second, more than {MaxPerSecond:0.#}");
    }
}
