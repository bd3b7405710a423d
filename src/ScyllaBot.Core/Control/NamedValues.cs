using System.Text;

namespace ScyllaBot.Core.Control;

/// <summary>
/// <c>name=value other="two words"</c>, as people type it into one option, in chat or on a command line. Inside double quotes a backslash keeps the next character.
/// </summary>
public static class NamedValues
{
    /// <returns>The values, and a sentence for everything that is wrong.</returns>
    public static (ImmutableSortedDictionary<string, string> Values, ImmutableArray<string> Wrong) Parse(string text)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var wrong = ImmutableArray.CreateBuilder<string>();
        foreach (var word in Words(text, wrong))
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                wrong.Add($"'{word}' is not name=value");
            }
            else if (!values.TryAdd(word[..at], word[(at + 1)..]))
            {
                wrong.Add($"'{word[..at]}' is given twice");
            }
        }

        return (values.ToImmutable(), wrong.ToImmutable());
    }

    /// <summary>Separated by blanks or commas, as in a list; a backslash before a blank is left over from a shell's line and is none of the name.</summary>
    public static ImmutableArray<string> List(string text) =>
        [.. text.Split([' ', ',', '\t', '\n', '\r', '\\'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>Splits what is typed so far: everything before the last word, and the last word.</summary>
    public static (string Before, string Last) SplitLast(string text)
    {
        var start = text.LastIndexOfAny([' ', ',']) + 1;
        return (text[..start], text[start..]);
    }

    private static IEnumerable<string> Words(string text, ImmutableArray<string>.Builder wrong)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool quoted = false, started = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '"')
            {
                (quoted, started) = (!quoted, true);
            }
            else if (quoted && c == '\\' && i + 1 < text.Length)
            {
                word.Append(text[++i]);
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                Flush();
            }
            else
            {
                word.Append(c);
                started = true;
            }
        }

        if (quoted)
        {
            wrong.Add("a quotation mark is not closed");
        }

        Flush();
        return words;

        void Flush()
        {
            if (started)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            started = false;
        }
    }
}
