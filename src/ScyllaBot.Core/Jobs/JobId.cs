namespace ScyllaBot.Core.Jobs;

/// <summary>Sortable by time of birth: 9 characters of milliseconds, 5 of randomness, Crockford base 32.</summary>
public readonly record struct JobId(string Value) : IComparable<JobId>
{
    public int CompareTo(JobId other) => string.CompareOrdinal(Value, other.Value);

    public static bool operator <(JobId left, JobId right) => left.CompareTo(right) < 0;

    public static bool operator >(JobId left, JobId right) => left.CompareTo(right) > 0;

    public static bool operator <=(JobId left, JobId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(JobId left, JobId right) => left.CompareTo(right) >= 0;

    public override string ToString() => Value;
}
