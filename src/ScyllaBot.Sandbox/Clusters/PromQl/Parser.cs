using System.Collections.Immutable;
using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>Recursive descent over the subset. Precedence as in Prometheus: or; and, unless; comparisons; + -; * / %; unary minus.</summary>
internal sealed class Parser(string query)
{
    private const int Deepest = 100;
    private static readonly ImmutableArray<ImmutableArray<string>> _levels =
        [["or"], ["and", "unless"], ["==", "!=", "<=", "<", ">=", ">"], ["+", "-"], ["*", "/", "%"]];

    private static readonly ImmutableArray<string> _aggregates = ["sum", "min", "max", "avg", "count"];
    private readonly List<Token> _tokens = Lexer.Read(query);
    private int _at;
    private int _depth;

    public static Expr Parse(string query)
    {
        var parser = new Parser(query);
        var expr = parser.Operations(0);
        return parser.Next.Kind == TokenKind.End ? expr : throw parser.Unexpected();
    }

    private Token Next => _tokens[_at];

    private Expr Operations(int level)
    {
        if (level == _levels.Length)
        {
            return Unary();
        }

        var left = Operations(level + 1);
        while (Next.Kind is TokenKind.Sign or TokenKind.Word && _levels[level].Contains(Next.Text, StringComparer.Ordinal))
        {
            var op = Take();
            var isBool = TryWord("bool");
            ImmutableArray<string>? labels = null;
            var on = TryWord("on");
            if (on || TryWord("ignoring"))
            {
                labels = LabelList();
            }

            left = new Expr.Binary(op, left, Operations(level + 1), isBool, labels, on);
        }

        return left;
    }

    private Expr Unary()
    {
        if (++_depth > Deepest)
        {
            throw new PromQlException("query is nested too deeply");
        }

        var expr = TrySign("-") ? new Expr.Negate(Unary()) : TrySign("+") ? Unary() : Postfix(Primary());
        _depth--;
        return expr;
    }

    private Expr Primary()
    {
        switch (Next.Kind)
        {
            case TokenKind.Number:
                return new Expr.Number(NumberOf(Take()));
            case TokenKind.Sign when Next.Text == "(":
                Take();
                var inner = Operations(0);
                Expect(")");
                return inner;
            case TokenKind.Sign when Next.Text == "{":
                return new Expr.Selector("", Matchers(), null, TimeSpan.Zero);
            case TokenKind.Word:
                return Word(Take());
            default:
                throw Unexpected();
        }
    }

    private Expr Word(string word)
    {
        if (_aggregates.Contains(word, StringComparer.Ordinal) && Next.Text is "(" or "by" or "without")
        {
            return Aggregation(word);
        }

        if (Next is { Kind: TokenKind.Sign, Text: "(" })
        {
            return new Expr.Call(word, Arguments());
        }

        return new Expr.Selector(word, Next.Text == "{" ? Matchers() : [], null, TimeSpan.Zero);
    }

    private Expr.Aggregate Aggregation(string op)
    {
        var (labels, without) = Grouping();
        Expect("(");
        var inner = Operations(0);
        Expect(")");
        if (labels is null)
        {
            (labels, without) = Grouping();
        }

        return new Expr.Aggregate(op, inner, labels ?? [], without);
    }

    private (ImmutableArray<string>? Labels, bool Without) Grouping()
    {
        var without = TryWord("without");
        return without || TryWord("by") ? (LabelList(), without) : (null, false);
    }

    private ImmutableArray<Expr> Arguments()
    {
        Expect("(");
        var arguments = ImmutableArray.CreateBuilder<Expr>();
        while (!TrySign(")"))
        {
            arguments.Add(Operations(0));
            if (!TrySign(","))
            {
                Expect(")");
                break;
            }
        }

        return arguments.ToImmutable();
    }

    private Expr Postfix(Expr expr)
    {
        while (true)
        {
            if (TrySign("["))
            {
                var range = Duration();
                if (TrySign(":"))
                {
                    var step = Next.Kind == TokenKind.Duration ? Duration() : TimeSpan.FromMinutes(1);
                    expr = new Expr.Subquery(expr, range, step, TimeSpan.Zero);
                }
                else
                {
                    expr = expr is Expr.Selector { Range: null } selector
                        ? selector with { Range = range } : throw new PromQlException("ranges only allowed for vector selectors");
                }

                Expect("]");
            }
            else if (TryWord("offset"))
            {
                var by = Duration();
                expr = expr switch
                {
                    Expr.Selector selector => selector with { Offset = by },
                    Expr.Subquery subquery => subquery with { Offset = by },
                    _ => throw new PromQlException("offset modifier must be preceded by a selector or a subquery"),
                };
            }
            else
            {
                return expr;
            }
        }
    }

    private ImmutableArray<Matcher> Matchers()
    {
        Expect("{");
        var matchers = ImmutableArray.CreateBuilder<Matcher>();
        while (!TrySign("}"))
        {
            var label = Next.Kind == TokenKind.Word ? Take() : throw Unexpected();
            var op = Next.Text is "=" or "!=" or "=~" or "!~" ? Take() : throw Unexpected();
            var value = Next.Kind == TokenKind.Text ? Take() : throw Unexpected();
            matchers.Add(new Matcher(label, op, value));
            if (!TrySign(","))
            {
                Expect("}");
                break;
            }
        }

        return matchers.ToImmutable();
    }

    private ImmutableArray<string> LabelList()
    {
        Expect("(");
        var labels = ImmutableArray.CreateBuilder<string>();
        while (!TrySign(")"))
        {
            labels.Add(Next.Kind == TokenKind.Word ? Take() : throw Unexpected());
            TrySign(",");
        }

        return labels.ToImmutable();
    }

    private TimeSpan Duration() => Next.Kind == TokenKind.Duration ? Lexer.Duration(Take()) : throw Unexpected();

    private static double NumberOf(string text) => text switch
    {
        "NaN" => double.NaN,
        "Inf" => double.PositiveInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private string Take() => _tokens[_at++].Text;

    private bool TrySign(string sign) => TryTake(TokenKind.Sign, sign);

    private bool TryWord(string word) => TryTake(TokenKind.Word, word);

    private bool TryTake(TokenKind kind, string text)
    {
        var fits = Next.Kind == kind && string.Equals(Next.Text, text, StringComparison.Ordinal);
        _at += fits ? 1 : 0;
        return fits;
    }

    private void Expect(string sign)
    {
        if (!TrySign(sign))
        {
            throw Unexpected();
        }
    }

    private PromQlException Unexpected() =>
        new(Next.Kind == TokenKind.End ? "parse error: unexpected end of input" : $"parse error: unexpected \"{Next.Text}\"");
}
