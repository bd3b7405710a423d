using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>The second half of "no such …": what the person probably meant.</summary>
internal static class Hint
{
    private const int Listed = 12;
    private const int LongestWord = 80;

    /// <summary>A word as somebody gave it: seen where it begins and ends, even when it is empty, and never long.</summary>
    public static string Quoted(string word) => $"\"{Cut(word)}\"";

    public static string Cut(string word) => Chat.Markup.Cut(word, LongestWord);

    public static string Of(string word, IEnumerable<string> known)
    {
        var all = known.Order(NaturalOrder.Instance).ToArray();
        return Nearest.To(word, all) is { } meant ? $"Did you mean {meant}?"
            : all.Length == 0 ? "There is none."
            : $"Known: {string.Join(", ", all.Take(Listed))}{(all.Length > Listed ? $" and {all.Length - Listed} more" : "")}.";
    }
}
