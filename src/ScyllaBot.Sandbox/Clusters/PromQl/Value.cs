using System.Collections.Immutable;
using System.Globalization;

namespace ScyllaBot.Sandbox.Clusters.PromQl;

/// <summary>A sample; a null value marks where the series went stale.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
internal readonly record struct Sample(double At, double? Number);

/// <summary>One element of an instant vector.</summary>
internal sealed record Element(ImmutableSortedDictionary<string, string> Labels, double Number)
{
    public Element Unnamed(double number) => new(Labels.Remove("__name__"), number);
}

/// <summary>What an expression gives.</summary>
internal abstract record Value
{
    private Value() { }

    internal sealed record Scalar(double Number) : Value;

    internal sealed record Vector(ImmutableArray<Element> Elements) : Value;

    internal sealed record Matrix(ImmutableArray<(ImmutableSortedDictionary<string, string> Labels, Sample[] Samples)> Series, double From, double To) : Value;

    /// <summary>As Prometheus prints a number.</summary>
    public static string Print(double number) => number switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => number.ToString("R", CultureInfo.InvariantCulture),
    };

    public static string KeyOf(IEnumerable<KeyValuePair<string, string>> labels) => string.Join('\n', labels.Select(l => $"{l.Key}={l.Value}"));
}
