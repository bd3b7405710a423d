namespace ScyllaBot.Core.Yaml;

/// <summary>A place in a file, from 1.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct YamlMark(int Line, int Column)
{
    public static readonly YamlMark Start = new(1, 1);

    /// <summary>Where the macro is used whose line this is; 0 = it stands in no macro.</summary>
    public int UsedAt { get; init; }
}

/// <summary>What a file says, before anybody decides what it means. Duplicate keys are still there, to be told about.</summary>
/// <param name="Tag">Without the exclamation mark; null when there is none.</param>
internal abstract record YamlValue(YamlMark At, string? Tag);

/// <param name="Plain">Written without quotes.</param>
internal sealed record YamlScalar(YamlMark At, string? Tag, string Text, bool Plain) : YamlValue(At, Tag)
{
    /// <summary>It came out of a variable: what looks like a template in it is none.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>Nothing stands there: <c>key:</c>, or a bare <c>!tag</c>.</summary>
    public bool IsEmpty => Plain && Text.Length == 0;
}

internal sealed record YamlSequence(YamlMark At, string? Tag, ImmutableArray<YamlValue> Items) : YamlValue(At, Tag);

internal readonly record struct YamlPair(YamlMark At, string Key, YamlValue Value);

internal sealed record YamlMapping(YamlMark At, string? Tag, ImmutableArray<YamlPair> Pairs) : YamlValue(At, Tag)
{
    /// <returns>The first value of that key.</returns>
    public YamlValue? Find(string key)
    {
        foreach (var pair in Pairs)
        {
            if (string.Equals(pair.Key, key, StringComparison.Ordinal))
            {
                return pair.Value;
            }
        }

        return null;
    }

    public YamlMark MarkOf(string key)
    {
        foreach (var pair in Pairs)
        {
            if (string.Equals(pair.Key, key, StringComparison.Ordinal))
            {
                return pair.At;
            }
        }

        return At;
    }
}
