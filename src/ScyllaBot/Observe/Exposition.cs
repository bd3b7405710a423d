using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ScyllaBot.Observe;

/// <summary>The page of metrics as it is put together: Prometheus' text format 0.0.4.</summary>
internal sealed class Exposition
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly Dictionary<Family, StringBuilder> _lines = [];

    /// <summary>Numbers of a gauge or a counter.</summary>
    public void Add(Family family, params IEnumerable<Sample> samples)
    {
        foreach (var sample in samples)
        {
            Line(family, "", sample.Values, null, sample.Value);
        }
    }

    public void Add(Family family, double value) => Add(family, new Sample(value));

    /// <summary>One series of a histogram.</summary>
    /// <param name="family">Which.</param>
    /// <param name="values">Of its labels.</param>
    /// <param name="bounds">Upper bounds of the buckets, without the last, which has none.</param>
    /// <param name="counts">Of each bucket by itself, the last one too.</param>
    /// <param name="sum">Of all values.</param>
    public void Add(Family family, ImmutableArray<string> values, ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double sum)
    {
        long upTo = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            upTo += counts[i];
            Line(family, "_bucket", values, i < bounds.Length ? Number(bounds[i]) : "+Inf", upTo);
        }

        Line(family, "_sum", values, null, sum);
        Line(family, "_count", values, null, upTo);
    }

    /// <summary>All families in their order, also those without a number now.</summary>
    public override string ToString()
    {
        var page = new StringBuilder();
        foreach (var family in Families.All)
        {
            page.Append($"# HELP {family.Name} {Escaped(family.Help, quotes: false)}\n# TYPE {family.Name} {Kind(family)}\n");
            if (_lines.GetValueOrDefault(family) is { } lines)
            {
                page.Append(lines);
            }
        }

        return page.ToString();
    }

    public static string Kind(Family family) => family.Kind.ToString().ToLowerInvariant();

    private void Line(Family family, string suffix, ImmutableArray<string> values, string? bound, double value)
    {
        if (values.Length != family.Labels.Length)
        {
            throw new ArgumentException($"{family.Name} has {family.Labels.Length} labels, not {values.Length}", nameof(values));
        }

        if (!_lines.TryGetValue(family, out var lines))
        {
            _lines[family] = lines = new StringBuilder();
        }

        var labels = family.Labels.Zip(values, (label, text) => $"{label}=\"{Escaped(text, quotes: true)}\"").ToList();
        if (bound is not null)
        {
            labels.Add($"le=\"{bound}\"");
        }

        lines.Append(family.Name).Append(suffix).Append(labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}").Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escaped(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
