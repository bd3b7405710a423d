using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Clusters;

/// <summary>R6 in numbers, for one cluster.</summary>
internal sealed record GuardsEntry
{
    /// <value>Default 5 s; 0.1 s for each node where that is more.</value>
    [Description("Time between two looks at everyone's view"), Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LookEvery { get; init; } = new GuardSettings().LookEvery;

    [Description("What is false for less is a hiccup"), Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Settle { get; init; } = new GuardSettings().Settle;

    [Description("How long all must hold before a holding job goes on by itself"), Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Gate { get; init; } = new GuardSettings().Gate;

    [Description("How long a job holds before somebody is called"), Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan PingAfter { get; init; } = new GuardSettings().PingAfter;

    [Description("So often the same node may stand out before the job halts"), Range(1, 100)]
    public int Flaps { get; init; } = new GuardSettings().Flaps;

    [Description("Within which time that counts"), Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan FlapWithin { get; init; } = new GuardSettings().FlapWithin;

    public GuardSettings ToSettings() => new()
    {
        LookEvery = LookEvery, Settle = Settle, Gate = Gate, PingAfter = PingAfter, Flaps = Flaps, FlapWithin = FlapWithin,
    };
}
