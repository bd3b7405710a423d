namespace ScyllaBot.Core.Clusters;

/// <summary>
/// A long step in units (R18): what is done is journalled, so a crash, a retry or a yield repeats none of it; between two of them the step ends
/// where the job is to stop or to make room, and goes on there later.
/// </summary>
public interface IUnits
{
    /// <summary>When this step first met the mark, the same after a restart; null where nothing is journalled.</summary>
    Task<DateTimeOffset?> SinceAsync(string mark);

    /// <summary>When the unit at hand began, the same after a restart; null where nothing is journalled.</summary>
    DateTimeOffset? Begun { get; }

    /// <summary>The unit that an earlier process or attempt left open comes before all others: the job may be about to stop (R18).</summary>
    /// <param name="units">All that there are now.</param>
    /// <returns>Null: none was left, or it is done now. Otherwise its name, and it is none of these any more.</returns>
    Task<string?> FinishAsync(IEnumerable<(string Unit, Func<Task> Work)> units);

    /// <summary>Does the unit, unless it is done.</summary>
    /// <param name="unit">Unique within the step, and bearing whatever makes it another unit when it changes.</param>
    /// <param name="work">Once begun it is not cut for whoever waits.</param>
    /// <exception cref="OperationCanceledException">Not begun: the job is to stop here.</exception>
    Task RunAsync(string unit, Func<Task> work);
}

/// <summary>Where no journal is, every unit is done each time.</summary>
public sealed class NoUnits : IUnits
{
    public static NoUnits Instance { get; } = new();

    public Task<DateTimeOffset?> SinceAsync(string mark) => Task.FromResult<DateTimeOffset?>(null);

    public DateTimeOffset? Begun => null;

    public Task<string?> FinishAsync(IEnumerable<(string Unit, Func<Task> Work)> units) => Task.FromResult<string?>(null);

    public Task RunAsync(string unit, Func<Task> work) => work();
}
