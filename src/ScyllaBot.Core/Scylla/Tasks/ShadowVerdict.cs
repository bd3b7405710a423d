using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Says in one message what the shadow proved, positive or negative, with the numbers that it rests on: for the people who are asked next. It
/// judges and changes nothing; a negative verdict is no failure of the step, for the cluster is torn down either way.
/// </summary>
[Tag("shadow-verdict", "Verdict on the shadow cluster", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("source: messages-prd\nchannels: [infra-doing]\nwindow_seconds: 3600")]
public sealed record ShadowVerdict : IClusterTask
{
    [Description("Cluster whose answers were compared with this one's"), RegularExpression("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")]
    public required string Source { get; init; }

    [Description("Channels that are told, by their names in the settings"), MinLength(1)]
    public required IReadOnlyList<string> Channels { get; init; }

    /// <value>Default 0.0001.</value>
    [Description("Largest share of reads that may differ"), Range(0.0, 1.0)]
    public double MaxMismatchRatio { get; init; } = 0.0001;

    /// <value>Default 0.001.</value>
    [Description("Largest share of reads that this cluster may fail to answer"), Range(0.0, 1.0)]
    public double MaxErrorRatio { get; init; } = 0.001;

    /// <value>Default 10 000.</value>
    [Description("Fewest reads in the window that are enough to judge by"), Range(1, 1_000_000_000)]
    public int MinSample { get; init; } = 10_000;

    /// <value>Default 1 h.</value>
    [Description("Span of the latest comparison that is judged"), Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var against = await AgainstAsync(context, ct);
        var mirror = Mirror.Of(context);
        var (status, reads) = (await mirror.StatusAsync(ct), await mirror.ComparisonAsync(Window, ct));
        var text = Say($"Verdict on {context.Cluster.Name} as a copy of {Source}: {(against.Length == 0 ? "positive" : "NEGATIVE")}. ")
            + string.Concat(against.Select(why => $"{why}. "))
            + Say($"Reads in the last {Window.TotalMinutes:0} min: {reads.Matched} matched, {reads.Mismatched} differed, {reads.Errors} were not answered{Latency(reads)}. ")
            + Say($"Writes: {status.Writes.Written} mirrored, {status.Writes.Failed} failed.");
        context.Log.Write(text);
        await context.Announce.SayAsync(Channels, text, ct);
    }

    private async Task<string[]> AgainstAsync(ClusterContext context, CancellationToken ct)
    {
        IClusterCondition[] asked =
        [
            new CopyFinished { Source = Source }, new DualWritesHealthy { Source = Source },
            new ReadsMatch { Source = Source, MaxMismatchRatio = MaxMismatchRatio, MaxErrorRatio = MaxErrorRatio, MinSample = MinSample, Window = Window },
        ];
        var against = new List<string>();
        foreach (var condition in asked)
        {
            if (await condition.WhyNotAsync(context, ct) is { } why)
            {
                against.Add($"{condition.Title}: no, {why}");
            }
        }

        return [.. against];
    }

    private static string Latency(ReadComparison reads) => reads is { SourceP99: { } source, ShadowP99: { } shadow }
        ? Say($"; p99 {source:0.#} ms there and {shadow:0.#} ms here") : "";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
