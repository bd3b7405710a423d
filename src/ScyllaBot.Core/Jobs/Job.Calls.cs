namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>How often the open halt has called again, and when last; null before the first.</summary>
    public HaltCalled? LastCall { get; init; }

    /// <summary>The last alarm of each node that is down by us.</summary>
    public ImmutableSortedDictionary<string, NodeDownLong> DownLong { get; init; } =
        ImmutableSortedDictionary<string, NodeDownLong>.Empty.WithComparers(StringComparer.Ordinal);

    private Job FoldCall(JobEvent e) => e switch
    {
        HaltCalled x => this with { LastCall = x },
        NodeDownLong x => this with { DownLong = DownLong.SetItem(x.Node, x) },
        _ => throw new IllegalTransitionException($"job {Id}: {e.GetType().Name} is no call"),
    };
}
