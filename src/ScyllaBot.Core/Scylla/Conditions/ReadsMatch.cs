using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Shadow;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// What this cluster answers is what the source answers. Judged over a whole window of comparison, on enough reads, with numbers of now: a
/// comparison that has not run long enough, compared too little or stands still proves nothing.
/// </summary>
[Tag("reads-match", "Reads match the source")]
[Example("source: messages-prd\nmin_sample: 10000\nwindow_seconds: 600")]
public sealed record ReadsMatch : IClusterCondition
{
    [Description("Cluster whose answers are compared with this one's"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    /// <value>Default 0.0001: a row may be written between the two reads.</value>
    [Description("Largest share of reads that may differ"), Range(0.0, 1.0)]
    public double MaxMismatchRatio { get; init; } = 0.0001;

    /// <value>Default 0.001.</value>
    [Description("Largest share of reads that this cluster may fail to answer"), Range(0.0, 1.0)]
    public double MaxErrorRatio { get; init; } = 0.001;

    /// <value>Default 10 000.</value>
    [Description("Fewest reads in the window that are enough to judge by"), Range(1, 1_000_000_000)]
    public int MinSample { get; init; } = 10_000;

    /// <value>Default 10 min.</value>
    [Description("Span of the latest comparison that is judged"), Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <value>Default 60 s.</value>
    [Description("Oldest numbers that are believed"), Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = Mirror.Of(context);
        if (Freshness.WhyOtherSource(await mirror.StatusAsync(ct), context.Cluster.Name, Source) is { } other)
        {
            return other;
        }

        var reads = await mirror.ComparisonAsync(Window, ct);
        context.Observe(new Reading("reads compared", reads.Sample, "", "data service") { Bound = MinSample });
        context.Observe(new Reading("reads that differ", reads.Mismatched, "", "data service") { Bound = MaxMismatchRatio * reads.Sample });
        return WhyNoProof(context, reads) ?? WhyDifferent(reads);
    }

    private string? WhyNoProof(ClusterContext context, ReadComparison reads) =>
        reads.State != MirrorState.On || reads.Since is not { } since ? $"reads of {Source} are not compared"
        : Freshness.WhyStale(context, reads.MeasuredAt, MaxAge)
            ?? (Math.Abs(reads.WindowSeconds - Window.TotalSeconds) > 1
                ? Say($"the data service counted {reads.WindowSeconds:0} s, not the {Window.TotalSeconds:0} s it was asked for")
                : reads.MeasuredAt - since < Window
                    ? Say($"reads have been compared for {(reads.MeasuredAt - since).TotalSeconds:0} of {Window.TotalSeconds:0} s")
                : reads.Sample < MinSample ? Say($"{reads.Sample} reads were compared in {Window.TotalSeconds:0} s, fewer than {MinSample}")
                : null);

    private string? WhyDifferent(ReadComparison reads) =>
        reads.Mismatched > MaxMismatchRatio * reads.Sample
            ? Say($"{reads.Mismatched} of {reads.Sample} reads differ ({(double)reads.Mismatched / reads.Sample:0.###%}), more than {MaxMismatchRatio:0.####%}")
        : reads.Errors > MaxErrorRatio * reads.Sample
            ? Say($"{reads.Errors} of {reads.Sample} reads were not answered here, more than {MaxErrorRatio:0.####%}")
        : null;

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
