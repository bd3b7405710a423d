using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Errors that clients were told are a small share of their requests; their own mistakes do not count (facts 2.4). A ratio, because a count grows with the load.</summary>
[Tag("errors-nominal", "Errors are nominal")]
[Example("max_ratio: 0.001")]
public sealed record ErrorsNominal : IClusterCondition
{
    /// <value>Default 0.001.</value>
    [Description("Largest share of requests that may fail"), Range(0.0, 1.0)]
    public double MaxRatio { get; init; } = 0.001;

    /// <value>Default cluster: the node that fails requests is seldom the node that was touched.</value>
    [Description("Whose requests are judged")]
    public MetricScope Scope { get; init; } = MetricScope.Cluster;

    /// <value>Default nodes.</value>
    [Description("Where the numbers come from")]
    public MetricSource Source { get; init; } = MetricSource.Nodes;

    /// <value>Default 10 s.</value>
    [Description("Time between the two samples of one look at the nodes"), Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var traffic = Traffic.Of(context, Source, Scope, Sample);
        var rates = await traffic.ErrorsAsync(ct);
        context.Observe(new Reading("failed requests", rates.Errors, "/s", traffic.Source) { Bound = MaxRatio * rates.Requests });

        // Nobody asked and nothing failed: no error spike. A node that does not serve at all is told by its source instead.
        return double.IsFinite(rates.Errors) && rates.Errors <= MaxRatio * rates.Requests ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{rates.Errors:0.###} of {rates.Requests:0.#} requests a second fail on {traffic.Subject}, more than {MaxRatio:0.####%}");
    }
}
