using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>What functions and aggregations do with numbers.</summary>
internal static class Functions
{
    /// <summary>Over the samples of one range; null: too few to tell.</summary>
    public static double? OverRange(string function, Sample[] samples, double from, double to) => function switch
    {
        "rate" => Extrapolated(samples, from, to) / (to - from),
        "increase" => Extrapolated(samples, from, to),
        "irate" => samples.Length < 2 ? null : Growth(samples.AsSpan()[^2..]) / (samples[^1].At - samples[^2].At),
        "changes" => samples.Zip(samples.Skip(1)).Count(pair => !pair.First.Number!.Value.Equals(pair.Second.Number!.Value)),
        "resets" => samples.Zip(samples.Skip(1)).Count(pair => pair.Second.Number < pair.First.Number),
        "avg_over_time" => samples.Average(s => s.Number!.Value),
        "min_over_time" => samples.Min(s => s.Number!.Value),
        "max_over_time" => samples.Max(s => s.Number!.Value),
        "sum_over_time" => samples.Sum(s => s.Number!.Value),
        "count_over_time" => samples.Length,
        _ => throw new PromQlException($"unknown function with name \"{function}\""),
    };

    public static double Aggregate(string op, IReadOnlyCollection<double> numbers) => op switch
    {
        "sum" => numbers.Sum(),
        "min" => numbers.Min(),
        "max" => numbers.Max(),
        "avg" => numbers.Average(),
        _ => numbers.Count,
    };

    public static double Arithmetic(string op, double left, double right) => op switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        _ => left % right,
    };

    /// <summary>Null: it is no comparison.</summary>
    public static bool? Compare(string op, double left, double right) => op switch
    {
        "==" => left.Equals(right) && !double.IsNaN(left),
        "!=" => !left.Equals(right) || double.IsNaN(left),
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => null,
    };

    public static Value.Vector HistogramQuantile(double quantile, Value.Vector buckets) => new(
    [
        .. buckets.Elements.Where(e => e.Labels.ContainsKey("le"))
            .GroupBy(e => Value.KeyOf(e.Labels.Remove("le").Remove("__name__")), StringComparer.Ordinal)
            .Select(group => new Element(group.First().Labels.Remove("le").Remove("__name__"), Quantile(quantile, group))),
    ]);

    private static double Quantile(double quantile, IEnumerable<Element> elements)
    {
        var buckets = elements.Select(e => (Bound: BoundOf(e.Labels["le"]), Count: e.Number)).OrderBy(b => b.Bound).ToArray();
        if (buckets.Length < 2 || !double.IsPositiveInfinity(buckets[^1].Bound) || !(buckets[^1].Count > 0))
        {
            return double.NaN;
        }

        var rank = quantile * buckets[^1].Count;
        var i = Array.FindIndex(buckets, b => b.Count >= rank);
        if (i < 0 || i == buckets.Length - 1)
        {
            return buckets[^2].Bound;
        }

        var (start, below) = i == 0 ? (0, 0) : buckets[i - 1];
        return start + ((buckets[i].Bound - start) * ((rank - below) / (buckets[i].Count - below)));
    }

    private static double BoundOf(string le) =>
        le is "+Inf" ? double.PositiveInfinity : double.Parse(le, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double Growth(ReadOnlySpan<Sample> samples)
    {
        var growth = 0.0;
        for (var i = 1; i < samples.Length; i++)
        {
            var (was, now) = (samples[i - 1].Number!.Value, samples[i].Number!.Value);
            growth += now >= was ? now - was : now;
        }

        return growth;
    }

    /// <summary>As Prometheus: to the ends of the range where the samples come near them, by half an interval otherwise, never below zero.</summary>
    private static double? Extrapolated(Sample[] samples, double from, double to)
    {
        if (samples.Length < 2)
        {
            return null;
        }

        var growth = Growth(samples);
        var sampled = samples[^1].At - samples[0].At;
        var average = sampled / (samples.Length - 1);
        var (toStart, toEnd) = (samples[0].At - from, to - samples[^1].At);
        if (growth > 0 && samples[0].Number!.Value >= 0)
        {
            toStart = Math.Min(toStart, sampled * (samples[0].Number!.Value / growth));
        }

        var near = average * 1.1;
        return growth * (sampled + (toStart < near ? toStart : average / 2) + (toEnd < near ? toEnd : average / 2)) / sampled;
    }
}
