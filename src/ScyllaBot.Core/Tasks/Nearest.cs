namespace ScyllaBot.Core.Tasks;

/// <summary>The spelling somebody probably meant.</summary>
public static class Nearest
{
    private const int MaxLength = 64;

    /// <returns>The closest of the known words, or null when none is close enough to be meant. Ties: the first in ordinal order.</returns>
    public static string? To(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > MaxLength)
        {
            return null;
        }

        // A third of the letters may be wrong: more, and the suggestion is a guess.
        var patience = Math.Max(1, word.Length / 3);
        return known
            .Where(k => k.Length <= MaxLength && Math.Abs(k.Length - word.Length) <= patience)
            .Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant(), k.ToLowerInvariant())))
            .Where(k => k.Distance <= patience)
            .OrderBy(k => k.Distance).ThenBy(k => k.Word, StringComparer.Ordinal)
            .Select(k => k.Word).FirstOrDefault();
    }

    /// <summary>Letters added, dropped, changed or swapped with their neighbour (Damerau, optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                    d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
