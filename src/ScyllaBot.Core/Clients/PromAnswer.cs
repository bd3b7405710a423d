namespace ScyllaBot.Core.Clients;

/// <summary>A value at a time. NaN is an answer of its own ("no data"), neither 0 nor absent.</summary>
public sealed record PromPoint(DateTimeOffset At, double Value);

public sealed record PromSample(ImmutableSortedDictionary<string, string> Labels, PromPoint Point)
{
    public double Value => Point.Value;
}

public sealed record PromSeries(ImmutableSortedDictionary<string, string> Labels, ImmutableArray<PromPoint> Points);

/// <summary>What Prometheus answered, by its result type.</summary>
public abstract record PromAnswer
{
    private PromAnswer() { }

    /// <summary>What it warned of, such as a remote store that did not answer: then the result may be a part of the truth.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    public sealed record Vector(ImmutableArray<PromSample> Samples) : PromAnswer;

    public sealed record Scalar(PromPoint Point) : PromAnswer;

    public sealed record Matrix(ImmutableArray<PromSeries> Series) : PromAnswer;

    // What the compiler would print are all properties, and those of a range throw.
    protected virtual bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"{nameof(Warnings)} = {Warnings.Length}");
        return true;
    }

    /// <summary>Every value of an instant answer; empty = the series is absent, which is not 0.</summary>
    /// <exception cref="Tasks.UnrecoverableException">It is a range: the query can not be judged.</exception>
    public ImmutableArray<double> Values => this switch
    {
        Vector vector => [.. vector.Samples.Select(s => s.Value)],
        Scalar scalar => [scalar.Point.Value],
        _ => throw new Tasks.UnrecoverableException("Prometheus answered a range where one value at a time is needed"),
    };

    /// <summary>The one value of an aggregated query; null when it is absent.</summary>
    /// <exception cref="Tasks.UnrecoverableException">There are several: the query does not aggregate.</exception>
    public double? Value => Values is [var one] ? one
        : Values.IsEmpty ? null
        : throw new Tasks.UnrecoverableException($"Prometheus answered {Values.Length} series where one is needed");
}
