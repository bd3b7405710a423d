using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>No coordinator refused a request because it knew too few replicas alive: the hardest stop signal of a rolling job (facts 2.4).</summary>
[Tag("no-unavailables", "No unavailable errors")]
[Example("")]
public sealed record NoUnavailables : IClusterCondition
{
    /// <value>Default cluster.</value>
    [Description("Whose requests are judged")]
    public MetricScope Scope { get; init; } = MetricScope.Cluster;

    /// <value>Default nodes; with Prometheus the last 2 minutes count.</value>
    [Description("Where the numbers come from")]
    public MetricSource Source { get; init; } = MetricSource.Nodes;

    /// <value>Default 10 s.</value>
    [Description("Time between the two samples of one look at the nodes"), Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(10);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var traffic = Traffic.Of(context, Source, Scope, Sample);
        var refused = await traffic.UnavailablesAsync(ct);
        context.Observe(new Reading("unavailable errors", refused, "", traffic.Source) { Bound = 0 });
        return refused == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{refused:0.#} requests on {traffic.Subject} were refused because too few replicas were alive");
    }
}
