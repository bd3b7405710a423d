using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>The text a simulated node serves, as samples: no escapes and no time stamps, which it never writes.</summary>
internal static partial class ScrapedText
{
    public static IEnumerable<(ImmutableSortedDictionary<string, string> Labels, double Number)> Read(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var end = line.LastIndexOf(' ');
            var brace = line.IndexOf('{', StringComparison.Ordinal);
            var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            labels["__name__"] = line[..(brace < 0 ? end : brace)];
            foreach (Match label in Label().Matches(brace < 0 ? "" : line[brace..end]))
            {
                labels[label.Groups["name"].Value] = label.Groups["value"].Value;
            }

            yield return (labels.ToImmutable(), double.Parse(line[(end + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
