using System.Globalization;
using System.Text;

namespace ScyllaBot.Core.Chat;

/// <summary>The one place where data becomes chat text: escaped and bounded. Small markup (bold, code, time) is made here only.</summary>
public static class Markup
{
    /// <summary>Escapes anything a human or a node sent and cuts it at <paramref name="max"/> characters.</summary>
    public static string Escape(string? text, int max = 200)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var cut = Cut(text.ReplaceLineEndings(" "), max);
        var result = new StringBuilder(cut.Length + 8);
        foreach (var c in cut)
        {
            if (c is '\\' or '*' or '_' or '~' or '`' or '|' or '>' or '<' or '[' or ']' or '#' or '@' or ':')
            {
                // A zero-width space after @ and < breaks mentions even where a backslash does not.
                result.Append('\\').Append(c);
                if (c is '@' or '<')
                {
                    result.Append('\u200b');
                }
            }
            else if (IsSeen(c))
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }

    /// <summary>Text in a code span: nothing in it is markup.</summary>
    public static string Code(string? text, int max = 200)
    {
        var plain = string.Concat((text ?? "").ReplaceLineEndings(" ").Where(IsSeen));
        return $"`{Cut(plain.Replace('`', '\'').Replace("@", "@\u200b", StringComparison.Ordinal), max)}`";
    }

    /// <summary>Lines of fixed width; nothing in them is markup.</summary>
    public static string Block(string? text, int max = 1000)
    {
        var lines = (text ?? "").ReplaceLineEndings("\n");
        var plain = string.Concat(lines.Where(c => c == '\n' || IsSeen(c)));
        return plain.Length == 0 ? "" : $"```\n{Cut(plain.Replace('`', '\'').Replace("@", "@\u200b", StringComparison.Ordinal), max)}\n```";
    }

    public static string Bold(string text) => $"**{Escape(text)}**";

    /// <summary>A time that chat shows as "3 minutes ago".</summary>
    public static string Ago(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"<t:{at.ToUnixTimeSeconds()}:R>");

    /// <summary>A mention. It pings only when the notice's mentions name the person too.</summary>
    public static string Person(string id) => ulong.TryParse(id, CultureInfo.InvariantCulture, out _) ? $"<@{id}>" : Escape(id, 40);

    /// <summary>No control letter, which a terminal or a chat obeys, and none that turns the reading direction: a name could look like another one.</summary>
    public static bool IsSeen(char c) => !char.IsControl(c) && c is not ((>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f' or '\u061c');

    /// <summary>Cuts without splitting a surrogate pair, ending in an ellipsis.</summary>
    public static string Cut(string text, int max)
    {
        if (text.Length <= max)
        {
            return text;
        }

        if (max < 2)
        {
            return max < 1 ? "" : "…";
        }

        var end = max - 1;
        return (char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end]) + "…";
    }
}
