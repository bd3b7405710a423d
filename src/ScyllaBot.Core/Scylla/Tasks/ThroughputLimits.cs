using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Sets how much a node compacts and streams, until its next start (facts 1.9). Until then a SIGHUP skips these options (facts 4.3, 7.42).</summary>
[Undo("set the limits of before; a restart has those of scylla.yaml")]
[Tag("throughput-limits", "Set throughput limits", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("""
    compaction_megabytes: 64
    stream_megabytes: 100
    """)]
public sealed record ThroughputLimits : INodeTask
{
    /// <value>Default none: left as it is.</value>
    [Description("Compaction, MB/s; 0 = unlimited"), Range(0, 100_000)]
    public int? CompactionMegabytes { get; init; }

    /// <value>Default none: left as it is.</value>
    [Description("Streaming, MB/s; 0 = unlimited"), Range(0, 100_000)]
    public int? StreamMegabytes { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var api = context.Scylla;
        await SetAsync(context, "compaction", CompactionMegabytes, () => api.CompactionThroughputAsync(ct), value => api.SetCompactionThroughputAsync(value, ct));
        await SetAsync(context, "streaming", StreamMegabytes, () => api.StreamThroughputAsync(ct), value => api.SetStreamThroughputAsync(value, ct));
    }

    private static async Task SetAsync(NodeContext context, string what, int? wanted, Func<Task<int>> read, Func<int, Task> set)
    {
        if (wanted is not { } value || await read() is var before && before == value)
        {
            return;
        }

        await set(value);
        if (await read() is var after && after != value)
        {
            throw new UnrecoverableException($"{context.Node.Name}: {what} was limited to {value} MB/s, and the node says {after}");
        }

        context.Log.Write($"The limit of {what} was {before} MB/s and is {value} until the next start; a SIGHUP does not change it any more");
    }
}
