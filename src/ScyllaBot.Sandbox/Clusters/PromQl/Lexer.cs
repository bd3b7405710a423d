using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

internal enum TokenKind
{
    Word,
    Number,
    Duration,
    Text,
    Sign,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Text);

/// <summary>Words, numbers, durations, quoted text and signs.</summary>
internal static partial class Lexer
{
    private const int LongestQuery = 10_000;

    public static List<Token> Read(string query)
    {
        if (query.Length > LongestQuery)
        {
            throw new PromQlException("query too long");
        }

        var tokens = new List<Token>();
        for (var at = 0; at < query.Length;)
        {
            if (char.IsWhiteSpace(query[at]))
            {
                at++;
            }
            else if (query[at] is '"' or '\'')
            {
                tokens.Add(new Token(TokenKind.Text, Quoted(query, ref at)));
            }
            else
            {
                var match = Piece().Match(query, at);
                if (!match.Success || match.Index != at)
                {
                    throw new PromQlException($"unexpected character: '{query[at]}'");
                }

                at += match.Length;
                tokens.Add(Of(match));
            }
        }

        tokens.Add(new Token(TokenKind.End, ""));
        return tokens;
    }

    public static TimeSpan Duration(string text)
    {
        var sum = TimeSpan.Zero;
        foreach (Match part in Part().Matches(text))
        {
            var number = double.Parse(part.Groups["n"].Value, CultureInfo.InvariantCulture);
            sum += part.Groups["u"].Value switch
            {
                "ms" => TimeSpan.FromMilliseconds(number),
                "s" => TimeSpan.FromSeconds(number),
                "m" => TimeSpan.FromMinutes(number),
                "h" => TimeSpan.FromHours(number),
                "d" => TimeSpan.FromDays(number),
                "w" => TimeSpan.FromDays(7 * number),
                _ => TimeSpan.FromDays(365 * number),
            };
        }

        return sum;
    }

    private static Token Of(Match match) => match switch
    {
        { Groups: var g } when g["duration"].Success => new Token(TokenKind.Duration, match.Value),
        { Groups: var g } when g["number"].Success => new Token(TokenKind.Number, match.Value),
        { Groups: var g } when g["word"].Success => new Token(TokenKind.Word, match.Value),
        _ => new Token(TokenKind.Sign, match.Value),
    };

    private static string Quoted(string query, ref int at)
    {
        var quote = query[at++];
        var text = new StringBuilder();
        for (; at < query.Length && query[at] != quote; at++)
        {
            if (query[at] != '\\')
            {
                text.Append(query[at]);
            }
            else if (++at < query.Length)
            {
                text.Append(query[at] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    '\\' or '"' or '\'' => query[at],
                    var other => throw new PromQlException($"unknown escape sequence: \\{other}"),
                });
            }
        }

        return at++ < query.Length ? text.ToString() : throw new PromQlException("unterminated quoted string");
    }

    [GeneratedRegex(@"(?<duration>([0-9]+(ms|[smhdwy]))+(?![A-Za-z0-9_]))|(?<number>[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?|NaN\b|Inf\b)|(?<word>[A-Za-z_][A-Za-z0-9_:]*)|=~|!~|!=|==|<=|>=|[-+*/%<>=(){}\[\],:]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Piece();

    [GeneratedRegex("(?<n>[0-9]+)(?<u>ms|[smhdwy])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();
}
