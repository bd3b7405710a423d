namespace ScyllaBot.Core.Jobs;

/// <summary>Place in the plan (<c>1</c> first cluster step, <c>1.2</c> its second node step, <c>1.r1</c> restore, <c>a1</c> always) and the node.</summary>
public readonly record struct StepKey(string Path, string? Node) : IComparable<StepKey>
{
    public int CompareTo(StepKey other) =>
        string.CompareOrdinal(Node, other.Node) is var node && node != 0 ? node : string.CompareOrdinal(Path, other.Path);

    public static bool operator <(StepKey left, StepKey right) => left.CompareTo(right) < 0;

    public static bool operator >(StepKey left, StepKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(StepKey left, StepKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StepKey left, StepKey right) => left.CompareTo(right) >= 0;

    public override string ToString() => Node is null ? Path : $"{Path}@{Node}";

    /// <summary>What <see cref="ToString"/> made.</summary>
    public static StepKey Parse(string text) => text.IndexOf('@', StringComparison.Ordinal) is var at and >= 0 ? new(text[..at], text[(at + 1)..]) : new(text, null);
}
