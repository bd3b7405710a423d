using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Writes of the source arrive here: switched on, few enough failed, not far behind, and the numbers are of now.</summary>
[Tag("dual-writes-healthy", "Dual writes arrive")]
[Example("source: messages-prd\nmax_lag_seconds: 10")]
public sealed record DualWritesHealthy : IClusterCondition
{
    [Description("Cluster whose writes are sent here as well"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    /// <value>Default 10 s.</value>
    [Description("How far behind the source it may be"), Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>Default 0.0001. A failed one is a row that is wrong here until it is written again.</value>
    [Description("Largest share of mirrored writes that may have failed"), Range(0.0, 1.0)]
    public double MaxFailedRatio { get; init; } = 0.0001;

    /// <value>Default 60 s.</value>
    [Description("Oldest numbers that are believed"), Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = await Mirror.Of(context).StatusAsync(ct);
        var writes = mirror.Writes;
        var tried = writes.Written + writes.Failed;
        context.Observe(new Reading("mirrored writes that failed", writes.Failed, "", "data service") { Bound = MaxFailedRatio * tried });
        context.Observe(new Reading("lag of the shadow", writes.LagSeconds, "s", "data service") { Bound = MaxLag.TotalSeconds });
        return Freshness.WhyOtherSource(mirror, context.Cluster.Name, Source)
            ?? Freshness.WhyStale(context, mirror.MeasuredAt, MaxAge)
            ?? (writes.State != MirrorState.On ? $"dual writes from {Source} are off"
                : writes.LagSeconds > MaxLag.TotalSeconds
                    ? string.Create(CultureInfo.InvariantCulture, $"the shadow is {writes.LagSeconds:0.#} s behind, more than {MaxLag.TotalSeconds:0.#}")
                : writes.Failed > MaxFailedRatio * tried
                    ? string.Create(CultureInfo.InvariantCulture, $"{writes.Failed} of {tried} mirrored writes failed, more than {MaxFailedRatio:0.####%}")
                : null);
    }
}
