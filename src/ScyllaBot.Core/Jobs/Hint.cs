using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>The second half of "no such …": what the person probably meant.</summary>
internal static class Hint
{
    private const int Listed = 12;

    public static string Of(string word, IEnumerable<string> known)
    {
        var all = known.Order(NaturalOrder.Instance).ToArray();
        return Nearest.To(word, all) is { } meant ? $"Did you mean {meant}?"
            : all.Length == 0 ? "There is none."
            : $"Known: {string.Join(", ", all.Take(Listed))}{(all.Length > Listed ? $" and {all.Length - Listed} more" : "")}.";
    }
}
