using System.Text;
using ScyllaBot.Core.Chat;

namespace ScyllaBot.Discord.Cards;

/// <summary>Log lines as code blocks: nothing in them is markup, and no line can end the block.</summary>
internal static class LogBatches
{
    private const string Fence = "```";

    /// <param name="lines">From nodes and tasks: data.</param>
    /// <param name="max">Characters of lines per message.</param>
    public static IEnumerable<string> Of(IEnumerable<string> lines, int max)
    {
        var batch = new StringBuilder();
        foreach (var line in lines)
        {
            var safe = Markup.Cut(Clean(line), max - 1);
            if (batch.Length > 0 && batch.Length + safe.Length + 1 > max)
            {
                yield return $"{Fence}\n{batch}{Fence}";
                batch.Clear();
            }

            batch.Append(safe).Append('\n');
        }

        if (batch.Length > 0)
        {
            yield return $"{Fence}\n{batch}{Fence}";
        }
    }

    private static string Clean(string line)
    {
        var seen = string.Concat(line.ReplaceLineEndings(" ").Where(c => c == '\t' || Markup.IsSeen(c)));
        return seen.Replace(Fence, "'''", StringComparison.Ordinal).TrimEnd('`');
    }
}
