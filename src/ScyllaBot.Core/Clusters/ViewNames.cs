namespace ScyllaBot.Core.Clusters;

/// <summary>Names of nodes as a narrow column shows them: without what all have in common, and never two alike.</summary>
internal sealed class ViewNames
{
    private const int Widest = 22;
    private const int LongestCommon = 60;

    private readonly Dictionary<string, string> _short;

    private ViewNames(string common, Dictionary<string, string> @short) => (Common, _short) = (common, @short);

    /// <summary>What was dropped in front, at most 60 characters; empty where nothing was.</summary>
    public string Common { get; }

    public string this[string name] => _short[name];

    /// <param name="names">Of all nodes, in their order.</param>
    public static ViewNames Of(IReadOnlyList<string> names)
    {
        var common = CommonOf(names);
        var rest = names.Select(n => n[common..]).ToArray();
        string[] heads = [.. rest.Select(Head)], tails = [.. rest.Select(Tail)];
        string[] fit = AreDistinct(heads) ? heads : AreDistinct(tails) ? tails : [.. rest.Select((r, i) => Numbered(r, i + 1))];
        return new ViewNames(
            names.Count == 0 ? "" : names[0][..Math.Min(common, LongestCommon)],
            names.Zip(fit).ToDictionary(n => n.First, n => n.Second, StringComparer.Ordinal));
    }

    /// <returns>How much all begin with, up to a '-'; what is left of each has a letter: a bare number would be taken for the row's.</returns>
    private static int CommonOf(IReadOnlyList<string> names)
    {
        if (names.Count < 2)
        {
            return 0;
        }

        var (first, same) = (names[0], names.Min(n => n.Length));
        for (var i = 0; i < same; i++)
        {
            if (names.Any(n => n[i] != first[i]))
            {
                same = i;
            }
        }

        var cut = After(first, same);
        while (cut > 0 && !names.All(n => n[cut..].Any(char.IsAsciiLetter)))
        {
            cut = After(first, cut - 1);
        }

        return cut;
    }

    /// <summary>Behind the last '-' before this place; 0 where there is none.</summary>
    private static int After(string name, int before) => before <= 0 ? 0 : name.LastIndexOf('-', before - 1) + 1;

    private static bool AreDistinct(string[] names) => names.Distinct(StringComparer.Ordinal).Count() == names.Length;

    private static string Head(string name) => name.Length <= Widest ? name : name[..(Widest - 1)] + "~";

    private static string Tail(string name) => name.Length <= Widest ? name : "~" + name[^(Widest - 1)..];

    private static string Numbered(string name, int number) =>
        name.Length > Widest && FormattableString.Invariant($"~{number}") is var end ? name[..(Widest - end.Length)] + end : name;
}
