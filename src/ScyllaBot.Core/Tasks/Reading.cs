namespace ScyllaBot.Core.Tasks;

/// <summary>A number that a condition judged by: what <c>/scp why</c> shows of a wait.</summary>
/// <param name="Name">What it counts, such as <c>compactions running or queued</c>.</param>
/// <param name="Unit">Such as <c>ms</c>; empty for a count.</param>
/// <param name="Source">Where it came from, such as <c>metrics of scylla-a-1</c> or <c>Prometheus</c>.</param>
public sealed record Reading(string Name, double Value, string Unit, string Source)
{
    /// <summary>What it must not pass.</summary>
    public double? Bound { get; init; }

    /// <summary>What it was before the node was touched, where the bound rests on that.</summary>
    public double? Baseline { get; init; }
}

/// <summary>A condition that compares with how it was before. The engine measures it right before a node is first taken down and keeps the number in the journal.</summary>
/// <typeparam name="TContext">What it looks at.</typeparam>
public interface IBaselined<in TContext> : ICondition<TContext>
{
    /// <summary>Names the number; conditions with the same key share it.</summary>
    string BaselineKey { get; }

    /// <exception cref="RecoverableException">It could not be read: then there is no baseline.</exception>
    Task<double> MeasureAsync(TContext context, CancellationToken ct);
}
