using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Clusters;

/// <summary>
/// As much YAML as a scylla.yaml needs: its top-level keys, each with the text of its value. What stands below a key is kept as text;
/// tabs, open quotes or brackets and lines that are no `key: value` are errors, as they are for scylla.
/// </summary>
internal static partial class SimYaml
{
    /// <returns>Keys and values, or the complaint.</returns>
    public static (SortedDictionary<string, string>? Values, string Error) Read(string text)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string? current = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd();
            if (line.Length == 0 || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (line[..^line.TrimStart().Length].Contains('\t', StringComparison.Ordinal))
            {
                return (null, $"yaml-cpp: error at line {number}, column 1: illegal tab");
            }

            if (char.IsWhiteSpace(line[0]) || line.StartsWith("- ", StringComparison.Ordinal))
            {
                if (current is null)
                {
                    return (null, $"yaml-cpp: error at line {number}, column 1: end of map not found");
                }

                values[current] += "\n" + line;
                continue;
            }

            if (Pair().Match(line) is not { Success: true } pair || !IsClosed(pair.Groups["value"].Value))
            {
                return (null, $"yaml-cpp: error at line {number}, column {line.Length}: illegal map value");
            }

            current = pair.Groups["key"].Value;
            values[current] = Plain(pair.Groups["value"].Value);
        }

        return (values, "");
    }

    private static string Plain(string value)
    {
        value = value.Trim();
        if (value.Length > 0 && value[0] is '"' or '\'')
        {
            return value.Length > 1 && value.LastIndexOf(value[0]) is > 0 and var end ? value[1..end] : value;
        }

        return value.IndexOf(" #", StringComparison.Ordinal) is >= 0 and var comment ? value[..comment].TrimEnd() : value;
    }

    private static bool IsClosed(string value) =>
        value.Count(c => c == '[') == value.Count(c => c == ']')
        && value.Count(c => c == '{') == value.Count(c => c == '}')
        && value.Count(c => c == '"') % 2 == 0;

    [GeneratedRegex(@"^(?<key>[A-Za-z_][\w.-]*)\s*:(?:\s+(?<value>.*))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pair();
}
