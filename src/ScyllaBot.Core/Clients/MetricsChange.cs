using System.Globalization;

namespace ScyllaBot.Core.Clients;

/// <summary>What one node's counters did between two looks. A counter that fell was reset by a restart and began at 0 again.</summary>
/// <param name="Before">Series → its samples at the first look.</param>
/// <param name="After">The same at the second.</param>
/// <param name="Over">Time between them.</param>
public sealed record MetricsChange(
    ImmutableSortedDictionary<string, ImmutableArray<MetricSample>> Before,
    ImmutableSortedDictionary<string, ImmutableArray<MetricSample>> After,
    TimeSpan Over)
{
    /// <summary>Growth over all label sets that fit. One that was absent began at 0.</summary>
    /// <returns>Null when the series is absent, or a sample of it is no number.</returns>
    public double? Increase(string series, Func<ImmutableSortedDictionary<string, string>, bool>? fits = null)
    {
        double? sum = null;
        foreach (var (sample, growth) in Growths(series, fits))
        {
            if (!double.IsFinite(sample.Value) || !double.IsFinite(growth))
            {
                return null;
            }

            sum = (sum ?? 0) + growth;
        }

        return sum;
    }

    /// <summary>Growth of a histogram's buckets by their upper bound, added up over all other labels.</summary>
    /// <param name="series">Without <c>_bucket</c>.</param>
    /// <param name="fits">Which label sets count.</param>
    public ImmutableSortedDictionary<double, double> Buckets(string series, Func<ImmutableSortedDictionary<string, string>, bool>? fits = null)
    {
        var buckets = ImmutableSortedDictionary.CreateBuilder<double, double>();
        foreach (var (sample, growth) in Growths(series + "_bucket", fits))
        {
            if (sample.Labels.TryGetValue("le", out var text) && BoundOf(text) is { } bound && double.IsFinite(growth))
            {
                buckets[bound] = buckets.GetValueOrDefault(bound) + growth;
            }
        }

        return buckets.ToImmutable();
    }

    /// <summary>The quantile of what several histograms counted together, as Prometheus works it out: linear within a bucket.</summary>
    /// <returns>NaN when nothing was counted: that is no data and not a low value.</returns>
    public static double Quantile(double quantile, IEnumerable<ImmutableSortedDictionary<double, double>> histograms)
    {
        var all = histograms.SelectMany(h => h).GroupBy(b => b.Key).OrderBy(b => b.Key).Select(b => (Bound: b.Key, Count: b.Sum(x => x.Value))).ToArray();
        if (all.Length < 2 || !double.IsPositiveInfinity(all[^1].Bound) || all[^1].Count <= 0)
        {
            return double.NaN;
        }

        var rank = quantile * all[^1].Count;
        var i = Array.FindIndex(all, b => b.Count >= rank);
        if (i == all.Length - 1)
        {
            return all[^2].Bound;
        }

        var (lower, below) = i == 0 ? (0, 0) : all[i - 1];
        var inside = all[i].Count - below;
        return inside <= 0 ? all[i].Bound : lower + ((all[i].Bound - lower) * ((rank - below) / inside));
    }

    private static double? BoundOf(string le) => le is "+Inf" ? double.PositiveInfinity
        : double.TryParse(le, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : null;

    private static ImmutableArray<MetricSample> Of(ImmutableSortedDictionary<string, ImmutableArray<MetricSample>> look, string series) =>
        look.GetValueOrDefault(series, []);

    private IEnumerable<(MetricSample Sample, double Growth)> Growths(string series, Func<ImmutableSortedDictionary<string, string>, bool>? fits)
    {
        var before = Of(Before, series).ToLookup(s => KeyOf(s.Labels), s => s.Value, StringComparer.Ordinal);
        foreach (var sample in Of(After, series).Where(s => fits is null || fits(s.Labels)))
        {
            var was = before[KeyOf(sample.Labels)].FirstOrDefault();
            yield return (sample, sample.Value >= was ? sample.Value - was : sample.Value);
        }
    }

    private static string KeyOf(ImmutableSortedDictionary<string, string> labels) => string.Join('\n', labels.Select(l => $"{l.Key}={l.Value}"));
}
