using System.Collections.Immutable;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>An expression's value at one time.</summary>
internal sealed class Evaluator(SampleStore store, double at)
{
    private const int MostSteps = 11_000;

    public Value Of(Expr expr) => expr switch
    {
        Expr.Number number => new Value.Scalar(number.Value),
        Expr.Negate negate => Arithmetic("*", Of(negate.Inner), new Value.Scalar(-1), new Expr.Binary("*", negate.Inner, negate.Inner, false, null, false)),
        Expr.Selector { Range: null } selector => new Value.Vector(
            [.. store.At(selector, at - selector.Offset.TotalSeconds).Select(s => new Element(s.Labels, s.Last.Number!.Value))]),
        Expr.Selector selector => RangeOf(selector),
        Expr.Subquery subquery => RangeOf(subquery),
        Expr.Aggregate aggregate => Aggregate(aggregate),
        Expr.Call call => Call(call),
        Expr.Binary binary => Binary(binary),
        _ => throw new PromQlException("not supported"),
    };

    private Value.Matrix RangeOf(Expr.Selector selector)
    {
        var to = at - selector.Offset.TotalSeconds;
        var from = to - selector.Range!.Value.TotalSeconds;
        return new Value.Matrix([.. store.Between(selector, from, to)], from, to);
    }

    private Value.Matrix RangeOf(Expr.Subquery subquery)
    {
        var to = at - subquery.Offset.TotalSeconds;
        var (from, step) = (to - subquery.Range.TotalSeconds, subquery.Step.TotalSeconds);
        if (step <= 0 || (to - from) / step > MostSteps)
        {
            throw new PromQlException("exceeded maximum resolution of 11,000 points per timeseries");
        }

        var series = new SortedDictionary<string, (ImmutableSortedDictionary<string, string> Labels, List<Sample> Samples)>(StringComparer.Ordinal);
        for (var t = Math.Ceiling(from / step) * step; t <= to; t += step)
        {
            foreach (var element in Elements(new Evaluator(store, t).Of(subquery.Inner)))
            {
                var key = Value.KeyOf(element.Labels);
                if (!series.TryGetValue(key, out var one))
                {
                    series.Add(key, one = (element.Labels, []));
                }

                one.Samples.Add(new Sample(t, element.Number));
            }
        }

        return new Value.Matrix([.. series.Values.Select(s => (s.Labels, s.Samples.ToArray()))], from, to);
    }

    private static ImmutableArray<Element> Elements(Value value) => value switch
    {
        Value.Vector vector => vector.Elements,
        Value.Scalar scalar => [new Element(ImmutableSortedDictionary<string, string>.Empty, scalar.Number)],
        _ => throw new PromQlException("expected an instant vector, got a range vector"),
    };

    private static Value.Vector VectorOf(Value value) =>
        value as Value.Vector ?? throw new PromQlException("expected type instant vector");

    private Value.Vector Aggregate(Expr.Aggregate aggregate) => new(
    [
        .. VectorOf(Of(aggregate.Inner)).Elements
            .Select(e => (Group: GroupOf(e.Labels, aggregate), e.Number))
            .GroupBy(e => Value.KeyOf(e.Group), StringComparer.Ordinal)
            .Select(group => new Element(group.First().Group, Functions.Aggregate(aggregate.Op, [.. group.Select(e => e.Number)]))),
    ]);

    private static ImmutableSortedDictionary<string, string> GroupOf(ImmutableSortedDictionary<string, string> labels, Expr.Aggregate aggregate) =>
        aggregate.Without
            ? labels.RemoveRange(aggregate.Labels).Remove("__name__")
            : labels.RemoveRange(labels.Keys.Except(aggregate.Labels, StringComparer.Ordinal));

    private Value Call(Expr.Call call)
    {
        var arguments = call.Arguments;
        switch (call.Function)
        {
            case "time" when arguments.IsEmpty:
                return new Value.Scalar(at);
            case "vector" when arguments.Length == 1:
                return new Value.Vector(Elements(Of(arguments[0])));
            case "scalar" when arguments.Length == 1:
                return new Value.Scalar(VectorOf(Of(arguments[0])).Elements is [var one] ? one.Number : double.NaN);
            case "abs" when arguments.Length == 1:
                return new Value.Vector([.. VectorOf(Of(arguments[0])).Elements.Select(e => e.Unnamed(Math.Abs(e.Number)))]);
            case "absent" when arguments.Length == 1:
                return new Value.Vector(VectorOf(Of(arguments[0])).Elements.IsEmpty
                    ? [new Element(ImmutableSortedDictionary<string, string>.Empty, 1)] : []);
            case "timestamp" when arguments.Length == 1:
                return Timestamps(arguments[0]);
            case "histogram_quantile" when arguments.Length == 2 && Of(arguments[0]) is Value.Scalar quantile:
                return Functions.HistogramQuantile(quantile.Number, VectorOf(Of(arguments[1])));
            case var function when arguments.Length == 1:
                return OverRange(function, Of(arguments[0]) as Value.Matrix
                    ?? throw new PromQlException($"unknown function \"{function}\", or it expects a range vector"));
            default:
                throw new PromQlException($"unknown function \"{call.Function}\" with {arguments.Length} arguments");
        }
    }

    private Value.Vector Timestamps(Expr argument) => argument is Expr.Selector { Range: null } selector
        ? new Value.Vector([.. store.At(selector, at - selector.Offset.TotalSeconds).Select(s => new Element(s.Labels.Remove("__name__"), s.Last.At))])
        : new Value.Vector([.. VectorOf(Of(argument)).Elements.Select(e => e.Unnamed(at))]);

    private static Value.Vector OverRange(string function, Value.Matrix matrix) => new(
    [
        .. matrix.Series.Select(s => (s.Labels, Number: Functions.OverRange(function, s.Samples, matrix.From, matrix.To)))
            .Where(s => s.Number is not null).Select(s => new Element(s.Labels.Remove("__name__"), s.Number!.Value)),
    ]);

    private Value Binary(Expr.Binary binary)
    {
        var (left, right) = (Of(binary.Left), Of(binary.Right));
        if (binary.Op is not ("and" or "or" or "unless"))
        {
            return Arithmetic(binary.Op, left, right, binary);
        }

        var (mine, theirs) = (VectorOf(left).Elements, VectorOf(right).Elements);
        var known = (binary.Op is "or" ? mine : theirs).Select(e => MatchKey(e, binary)).ToHashSet(StringComparer.Ordinal);
        return new Value.Vector(binary.Op switch
        {
            "and" => [.. mine.Where(e => known.Contains(MatchKey(e, binary)))],
            "unless" => [.. mine.Where(e => !known.Contains(MatchKey(e, binary)))],
            _ => [.. mine, .. theirs.Where(e => !known.Contains(MatchKey(e, binary)))],
        });
    }

    private static Value Arithmetic(string op, Value left, Value right, Expr.Binary binary) => (left, right) switch
    {
        (Value.Scalar a, Value.Scalar b) => new Value.Scalar(
            Functions.Compare(op, a.Number, b.Number) is { } holds ? (holds ? 1 : 0) : Functions.Arithmetic(op, a.Number, b.Number)),
        (Value.Vector a, Value.Scalar b) => new Value.Vector([.. a.Elements.SelectMany(e => Combine(op, e, e.Number, b.Number, e.Number, binary))]),
        (Value.Scalar a, Value.Vector b) => new Value.Vector([.. b.Elements.SelectMany(e => Combine(op, e, a.Number, e.Number, e.Number, binary))]),
        (Value.Vector a, Value.Vector b) => OneToOne(op, a, b, binary),
        _ => throw new PromQlException("binary expression must contain only scalar and instant vector types"),
    };

    private static Value.Vector OneToOne(string op, Value.Vector left, Value.Vector right, Expr.Binary binary)
    {
        var others = new Dictionary<string, Element>(StringComparer.Ordinal);
        foreach (var element in right.Elements)
        {
            if (!others.TryAdd(MatchKey(element, binary), element))
            {
                throw new PromQlException("found duplicate series for the match group on the right hand-side of the operation");
            }
        }

        return new Value.Vector([.. left.Elements.SelectMany(e => others.TryGetValue(MatchKey(e, binary), out var other)
            ? Combine(op, e, e.Number, other.Number, e.Number, binary) : [])]);
    }

    /// <summary>A comparison keeps or drops the element; bool and arithmetic give it another number and take its name.</summary>
    private static IEnumerable<Element> Combine(string op, Element element, double left, double right, double kept, Expr.Binary binary)
    {
        if (Functions.Compare(op, left, right) is not { } holds)
        {
            yield return element.Unnamed(Functions.Arithmetic(op, left, right));
        }
        else if (binary.Bool)
        {
            yield return element.Unnamed(holds ? 1 : 0);
        }
        else if (holds)
        {
            yield return element with { Number = kept };
        }
    }

    private static string MatchKey(Element element, Expr.Binary binary)
    {
        var labels = element.Labels.Remove("__name__");
        return Value.KeyOf(binary.Labels is not { } named ? labels
            : labels.Where(l => named.Contains(l.Key, StringComparer.Ordinal) == binary.On));
    }
}
