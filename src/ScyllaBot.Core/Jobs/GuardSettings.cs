namespace ScyllaBot.Core.Jobs;

/// <summary>How a running job looks after the cluster between and during its steps (R6).</summary>
public sealed record GuardSettings
{
    /// <value>Default 5 s; 0.1 s for each node where that is more, so that large clusters are not asked more often than they can bear.</value>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <value>Default 10 s: what is false for less is a hiccup that preconditions wait out; a restart by others is never one.</value>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <value>Default 120 s: how long the guards must hold without a break before the job goes on by itself.</value>
    public TimeSpan Gate { get; init; } = TimeSpan.FromSeconds(120);

    /// <value>Default 10 min.</value>
    public TimeSpan PingAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <value>Default 3: so many times by the same node within <see cref="FlapWithin"/> halts.</value>
    public int Flaps { get; init; } = 3;

    /// <value>Default 15 min.</value>
    public TimeSpan FlapWithin { get; init; } = TimeSpan.FromMinutes(15);
}
