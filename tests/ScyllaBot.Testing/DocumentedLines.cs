using System.Text.RegularExpressions;

namespace ScyllaBot.Testing;

/// <summary>What a page gives its readers to type: lines of its blocks and spans of code, from the program's name on.</summary>
public static partial class DocumentedLines
{
    /// <param name="page">Markdown.</param>
    /// <param name="program">Such as <c>/scp </c>; a span or line without it is none.</param>
    /// <returns>What follows the name, to the end of the span or line.</returns>
    public static IEnumerable<string> Of(string page, string program)
    {
        var isBlock = false;
        foreach (var line in page.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                isBlock = !isBlock;
                continue;
            }

            foreach (var code in isBlock ? [line] : Span().Matches(line).Select(m => m.Groups["code"].Value))
            {
                // In a block the name may stand behind a prompt or an arrow, in a span it is what the span begins with.
                var at = isBlock ? Starts(code, program) : code.StartsWith(program, StringComparison.Ordinal) ? 0 : -1;
                if (at >= 0)
                {
                    yield return code[(at + program.Length)..].Trim();
                }
            }
        }
    }

    private static int Starts(string line, string program)
    {
        var at = line.IndexOf(program, StringComparison.Ordinal);
        return at == 0 || (at > 0 && line[at - 1] == ' ') ? at : -1;
    }

    [GeneratedRegex("(?<!`)`(?<code>[^`]+)`(?!`)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Span();
}
