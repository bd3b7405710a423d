using System.Text;
using ScyllaBot.Core.Chat;

namespace Scyllactl.Show;

/// <summary>Text from people and nodes on its way to a terminal: nothing in it moves the cursor, changes colours or turns the reading direction.</summary>
internal static class Clean
{
    private const int Longest = 20_000;
    private const int LongestWord = 80;

    /// <summary>One line.</summary>
    public static string Line(string? text, int max = Longest) => Markup.Cut(Of(text, keepLines: false), max);

    /// <summary>Lines stay lines.</summary>
    public static string Block(string? text, int max = Longest) => Markup.Cut(Of(text, keepLines: true), max);

    /// <summary>A word that somebody typed, as it is said back to them: it is seen where it begins and ends, and it is never long.</summary>
    public static string Quoted(string? text) => $"\"{Line(text, LongestWord)}\"";

    /// <summary>What was typed and is too long to be read is cut where a sentence repeats it.</summary>
    public static string Shortened(string sentence, IEnumerable<string> typed) => typed.Where(t => t.Length > 2 * LongestWord).Distinct(StringComparer.Ordinal)
        .OrderByDescending(t => t.Length).Aggregate(sentence, (said, word) => said.Replace(word, Line(word, LongestWord), StringComparison.Ordinal));

    private static string Of(string? text, bool keepLines)
    {
        var result = new StringBuilder(text?.Length ?? 0);
        foreach (var c in (text ?? "").ReplaceLineEndings("\n"))
        {
            result.Append(c switch
            {
                '\n' => keepLines ? "\n" : " ",
                '\t' => " ",
                _ => Markup.IsSeen(c) ? c.ToString() : "",
            });
        }

        return result.ToString();
    }
}
