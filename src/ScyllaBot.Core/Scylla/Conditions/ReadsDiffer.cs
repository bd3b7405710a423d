using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The opposite of <see cref="ReadsMatch"/>, for <c>skip_when</c>: it is not shown that this cluster answers as the source does.</summary>
[Tag("reads-differ", "Reads do not match the source")]
[Example("source: messages-prd\nmin_sample: 10000\nwindow_seconds: 600")]
public sealed record ReadsDiffer : IClusterCondition
{
    [Description("Cluster whose answers are compared with this one's"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    /// <value>Default 0.0001.</value>
    [Description("Largest share of reads that may differ"), Range(0.0, 1.0)]
    public double MaxMismatchRatio { get; init; } = 0.0001;

    /// <value>Default 10 000.</value>
    [Description("Fewest reads in the window that are enough to judge by"), Range(1, 1_000_000_000)]
    public int MinSample { get; init; } = 10_000;

    /// <value>Default 10 min.</value>
    [Description("Span of the latest comparison that is judged"), Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var match = new ReadsMatch { Source = Source, MaxMismatchRatio = MaxMismatchRatio, MinSample = MinSample, Window = Window };
        return await match.WhyNotAsync(context, ct) is null ? $"reads match {Source}" : null;
    }
}
