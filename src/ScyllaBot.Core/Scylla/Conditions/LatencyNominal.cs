using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// A latency quantile of client requests is at or below the larger of a floor and a multiple of what it was before (facts 2.4). Without a
/// request there is no latency and it does not hold: a node that nobody asks tells nothing.
/// </summary>
[Tag("latency-nominal", "Latency is nominal")]
[Example("requests: read\nfactor: 2.5")]
public sealed record LatencyNominal : IClusterCondition, IBaselined<ClusterContext>
{
    /// <value>Default read.</value>
    [Description("Which requests are timed")]
    public RequestKind Requests { get; init; } = RequestKind.Read;

    /// <value>Default 0.99.</value>
    [Description("Quantile that is judged"), Range(0.5, 0.999)]
    public double Quantile { get; init; } = 0.99;

    /// <value>Default 5 ms: 0.4 ms that become 0.8 are no incident.</value>
    [Description("Milliseconds that are nominal whatever it was before"), Range(0.1, 60_000.0)]
    public double FloorMs { get; init; } = 5;

    /// <value>Default 1.5; a node that has just restarted is cold and needs 2 to 3 for its first half hour.</value>
    [Description("How many times what it was before is still nominal"), Range(1.0, 100.0)]
    public double Factor { get; init; } = 1.5;

    /// <value>Default node.</value>
    [Description("Whose requests are judged")]
    public MetricScope Scope { get; init; } = MetricScope.Node;

    /// <value>Default nodes.</value>
    [Description("Where the numbers come from")]
    public MetricSource Source { get; init; } = MetricSource.Nodes;

    /// <value>Default 10 s.</value>
    [Description("Time between the two samples of one look at the nodes"), Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Sample { get; init; } = TimeSpan.FromSeconds(10);

    public string BaselineKey => string.Create(CultureInfo.InvariantCulture, $"latency/{Requests}/{Quantile}/{Scope}/{Source}");

    public async Task<double> MeasureAsync(ClusterContext context, CancellationToken ct)
    {
        var traffic = Traffic.Of(context, Source, Scope, Sample);
        var latency = await traffic.LatencyAsync(Requests, Quantile, ct);
        return double.IsNaN(latency) ? throw new RecoverableException(NoData(traffic)) : latency;
    }

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var traffic = Traffic.Of(context, Source, Scope, Sample);
        var latency = await traffic.LatencyAsync(Requests, Quantile, ct);
        if (double.IsNaN(latency))
        {
            return NoData(traffic);
        }

        var before = context.Baseline(BaselineKey);
        var bound = Math.Max(FloorMs, Factor * (before ?? 0));
        context.Observe(new Reading($"{Words} latency p{Quantile * 100:0.#}", latency, "ms", traffic.Source) { Bound = bound, Baseline = before });
        return latency <= bound ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{Words}s on {traffic.Subject} take {latency:0.0} ms at p{Quantile * 100:0.#}, more than {bound:0.0} ms ({(before is null ? "nothing was measured before" : $"before: {before:0.0} ms")})");
    }

    private string Words => Requests == RequestKind.Read ? "read" : "write";

    private string NoData(ITraffic traffic) => $"no {Words}s on {traffic.Subject}: its latency can not be told ({traffic.Source})";
}
