using System.Text.RegularExpressions;

namespace ScyllaBot.EndToEnd.Terminal;

/// <summary>A transcript without what differs from run to run.</summary>
internal static partial class Transcript
{
    /// <summary>Times, lengths of time and ids are masked; conditions that are looked at together may pass in any order.</summary>
    public static string Masked(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(Mask).ToArray();
        for (var i = 0; i < lines.Length;)
        {
            var together = lines.Skip(i).TakeWhile(l => l.Contains("Condition passed", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
            together.CopyTo(lines, i);
            i += Math.Max(1, together.Length);
        }

        return string.Join('\n', lines);
    }

    private static string Mask(string line) =>
        Blanks().Replace(Id().Replace(Duration().Replace(Time().Replace(line.TrimEnd(), "<time>"), "duration=<duration>"), "repair/<id>:"), " ");

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z", RegexOptions.None, 1000)]
    private static partial Regex Time();

    [GeneratedRegex(@"duration=([0-9]+ms|[0-9]+\.[0-9]{3}s)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration();

    [GeneratedRegex(@"repair/[0-9a-f]{8}-[0-9a-f.-]+:", RegexOptions.None, 1000)]
    private static partial Regex Id();

    // The article's own columns lost a blank on their way.
    [GeneratedRegex(" +", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
