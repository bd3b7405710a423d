namespace ScyllaBot.Core.Jobs;

/// <summary>Names with <c>*</c> (any letters, also none) and <c>?</c> (one letter). Upper and lower case differ, as in host names' inventories.</summary>
public static class Glob
{
    /// <summary>It may stand for several names.</summary>
    public static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>In time that grows with both lengths only: what people type never hangs it.</summary>
    public static bool IsMatch(string pattern, string name)
    {
        var (p, n, star, mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
