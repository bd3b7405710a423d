using System.Text.RegularExpressions;

namespace ScyllaBot.Core.Clients;

/// <summary>What changes between two texts, line by line, fit for a log: bounded, and nothing in it that looks like a secret.</summary>
internal static partial class TextDiff
{
    private const int MostLines = 40;
    private const int MostCompared = 1000;

    /// <returns>Lines that begin with a minus or a plus; empty when nothing changes.</returns>
    public static ImmutableArray<string> Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var start = 0;
        while (start < Math.Min(old.Length, now.Length) && old[start] == now[start])
        {
            start++;
        }

        var end = 0;
        while (end < Math.Min(old.Length, now.Length) - start && old[^(end + 1)] == now[^(end + 1)])
        {
            end++;
        }

        var lines = Middle(old[start..^end], now[start..^end]).Select(Masked).ToArray();
        return lines.Length <= MostLines ? [.. lines] : [.. lines.Take(MostLines), $"… and {lines.Length - MostLines} more lines"];
    }

    /// <summary>A value beside a word such as password is nobody's business.</summary>
    internal static string Masked(string line) => Secretive().Replace(line, "${key}***");

    private static IEnumerable<string> Middle(string[] old, string[] now)
    {
        if (old.Length > MostCompared || now.Length > MostCompared)
        {
            return [.. old.Select(line => "- " + line), .. now.Select(line => "+ " + line)];
        }

        // Longest common subsequence: what stays is not shown.
        var same = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                same[i, j] = old[i] == now[j] ? same[i + 1, j + 1] + 1 : Math.Max(same[i + 1, j], same[i, j + 1]);
            }
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j == now.Length || (i < old.Length && same[i + 1, j] >= same[i, j + 1]))
            {
                lines.Add("- " + old[i++]);
            }
            else
            {
                lines.Add("+ " + now[j++]);
            }
        }

        return lines;
    }

    [GeneratedRegex(
        @"(?<key>[\w.-]*(?:password|passwd|secret|token|credential|private|passphrase|api_?key|access_?key)[\w.-]*[""']?\s*[:=]).*$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Secretive();
}
