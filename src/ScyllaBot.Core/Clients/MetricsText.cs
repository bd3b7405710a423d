using System.Buffers.Text;
using System.Text;

namespace ScyllaBot.Core.Clients;

/// <summary>The Prometheus text format, read without keeping it: a node's answer is megabytes long (facts 2.2).</summary>
public static partial class MetricsText
{
    // Longer than any line Scylla writes; what is longer is not a sample of ours.
    private const int MaxLine = 16 * 1024;

    /// <summary>Adds up every sample of one series name, whatever its labels.</summary>
    /// <returns>Null when the series is missing or a sample of it is no finite number: then nothing is known.</returns>
    public static double? Sum(ReadOnlySpan<byte> text, string series)
    {
        Span<byte> name = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(series, name, out var length))
        {
            return null;
        }

        name = name[..length];
        double? sum = null;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.Length > MaxLine || !line.StartsWith(name) || !TrySample(line[length..], out var labelled))
            {
                continue;
            }

            if (!Utf8Parser.TryParse(labelled, out double value, out var used) || !EndsSample(labelled[used..]) || !double.IsFinite(value))
            {
                return null;
            }

            sum = (sum ?? 0) + value;
        }

        return sum;
    }

    /// <summary>What follows the name and its labels; false when the name only began alike.</summary>
    private static bool TrySample(ReadOnlySpan<byte> afterName, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (afterName is [(byte)'{', ..])
        {
            var end = EndOfLabels(afterName);
            if (end < 0)
            {
                return false;
            }

            afterName = afterName[(end + 1)..];
        }
        else if (afterName is not [(byte)' ' or (byte)'\t', ..])
        {
            return false;
        }

        value = afterName.TrimStart(" \t"u8);
        return true;
    }

    /// <summary>Index of the brace that closes the labels. A quoted label value may hold braces and escaped quotes.</summary>
    private static int EndOfLabels(ReadOnlySpan<byte> labels)
    {
        var quoted = false;
        for (var i = 1; i < labels.Length; i++)
        {
            switch (labels[i])
            {
                case (byte)'\\' when quoted:
                    i++;
                    break;
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)'}' when !quoted:
                    return i;
            }
        }

        return -1;
    }

    /// <summary>Nothing, or white space and a time stamp.</summary>
    private static bool EndsSample(ReadOnlySpan<byte> rest) => rest.IsEmpty || rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r';
}
