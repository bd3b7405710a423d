namespace ScyllaBot.Core.Yaml;

/// <summary>Which tags a file uses.</summary>
internal static class YamlTags
{
    /// <param name="root">A whole file.</param>
    /// <param name="except">Keys of the root that do not count.</param>
    public static ImmutableSortedSet<string> In(YamlMapping root, params string[] except)
    {
        var found = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var pair in root.Pairs.Where(p => !except.Contains(p.Key, StringComparer.Ordinal)))
        {
            Collect(pair.Value, found);
        }

        return found.ToImmutable();
    }

    private static void Collect(YamlValue value, ImmutableSortedSet<string>.Builder into)
    {
        if (value.Tag is { } tag)
        {
            into.Add(tag);
        }

        foreach (var child in value switch
        {
            YamlMapping mapping => mapping.Pairs.Select(p => p.Value),
            YamlSequence sequence => sequence.Items,
            _ => [],
        })
        {
            Collect(child, into);
        }
    }
}
