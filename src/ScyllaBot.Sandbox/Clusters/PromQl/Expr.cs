using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>A query that Prometheus would refuse, or that is beyond the subset.</summary>
internal sealed class PromQlException(string message) : Exception(message);

/// <summary>One label matcher; an absent label reads as empty text.</summary>
internal sealed record Matcher(string Label, string Op, string Value)
{
    private readonly Regex? _regex = Op.EndsWith('~')
        ? new Regex($@"\A(?:{Value})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1)) : null;

    public bool Fits(ImmutableSortedDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(Label, "");
        var same = _regex?.IsMatch(value) ?? string.Equals(value, Value, StringComparison.Ordinal);
        return Op[0] == '!' ? !same : same;
    }
}

/// <summary>
/// The subset of PromQL that facts/scylla.md 2.4 needs: selectors with all four matchers, ranges, offset, subqueries; rate, irate, increase,
/// changes, {avg,min,max,sum,count}_over_time, histogram_quantile, vector, scalar, time, timestamp, absent, abs; sum, min, max, avg, count
/// by/without; + - * / % and comparisons (with bool, on, ignoring); and, or, unless. No group_left, no `@`, no native histograms.
/// </summary>
internal abstract record Expr
{
    private Expr() { }

    internal sealed record Number(double Value) : Expr;

    /// <param name="Range">Null: an instant selector.</param>
    internal sealed record Selector(string Name, ImmutableArray<Matcher> Matchers, TimeSpan? Range, TimeSpan Offset) : Expr;

    internal sealed record Subquery(Expr Inner, TimeSpan Range, TimeSpan Step, TimeSpan Offset) : Expr;

    internal sealed record Call(string Function, ImmutableArray<Expr> Arguments) : Expr;

    internal sealed record Aggregate(string Op, Expr Inner, ImmutableArray<string> Labels, bool Without) : Expr;

    /// <param name="Labels">Of on or ignoring; null: all labels match.</param>
    internal sealed record Binary(string Op, Expr Left, Expr Right, bool Bool, ImmutableArray<string>? Labels, bool On) : Expr;

    internal sealed record Negate(Expr Inner) : Expr;
}
