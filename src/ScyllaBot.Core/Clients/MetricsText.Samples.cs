using System.Globalization;
using System.Text;

namespace ScyllaBot.Core.Clients;

/// <summary>One line of a node's metrics.</summary>
/// <param name="Value">May be no number at all (NaN) or infinite, as the node wrote it.</param>
public sealed record MetricSample(ImmutableSortedDictionary<string, string> Labels, double Value);

public static partial class MetricsText
{
    /// <summary>Every sample of one series name with its labels; lines that are none are left out.</summary>
    public static ImmutableArray<MetricSample> Samples(ReadOnlySpan<byte> text, string series)
    {
        var name = Encoding.UTF8.GetBytes(series);
        var found = ImmutableArray.CreateBuilder<MetricSample>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.Length <= MaxLine && line.StartsWith(name) && TrySample(line[name.Length..], out var value)
                && TryNumber(value) is { } number && LabelsOf(line[name.Length..]) is { } labels)
            {
                found.Add(new MetricSample(labels, number));
            }
        }

        return found.ToImmutable();
    }

    private static double? TryNumber(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOfAny((byte)' ', (byte)'\t', (byte)'\r');
        return Encoding.UTF8.GetString(end < 0 ? value : value[..end]) switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        };
    }

    /// <returns>Null when they can not be read.</returns>
    private static ImmutableSortedDictionary<string, string>? LabelsOf(ReadOnlySpan<byte> afterName)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (afterName is not [(byte)'{', ..])
        {
            return labels.ToImmutable();
        }

        var text = Encoding.UTF8.GetString(afterName[1..EndOfLabels(afterName)]);
        for (var at = 0; at < text.Length;)
        {
            var equals = text.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0)
            {
                return string.IsNullOrWhiteSpace(text[at..].Trim(',')) ? labels.ToImmutable() : null;
            }

            var name = text[at..equals].Trim(' ', ',');
            at = equals + 2;
            labels[name] = ValueOf(text, ref at);
        }

        return labels.ToImmutable();
    }

    /// <summary>Up to the quote that ends it, which is passed; backslash, quote and line feed come escaped.</summary>
    private static string ValueOf(string text, ref int at)
    {
        var value = new StringBuilder();
        for (; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
                value.Append(text[at] == 'n' ? '\n' : text[at]);
            }
            else
            {
                value.Append(text[at]);
            }
        }

        at++;
        return value.ToString();
    }
}
