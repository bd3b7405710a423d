using System.Collections.Immutable;

namespace ScyllaBot.Observe;

internal enum FamilyKind
{
    Gauge,
    Counter,
    Histogram,
}

/// <summary>A metric: what it is called, what kind it is, what it says, and which labels it has. Labels take values from small sets only.</summary>
internal sealed record Family(string Name, FamilyKind Kind, string Help, params ImmutableArray<string> Labels);

/// <summary>One number of a family.</summary>
/// <param name="Values">Of the family's labels, in their order.</param>
internal readonly record struct Sample(double Value, params ImmutableArray<string> Values);
