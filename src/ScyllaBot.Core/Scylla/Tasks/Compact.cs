using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>A major compaction: all sstables of each table and shard become one (facts 1.9, 1.15). Needs free disk for a copy of the largest table.</summary>
[Tag("compact", "Compact a keyspace", Direction.Neutral, Risk.Disruptive, Interruptible.Yes)]
[Example("keyspace: discord\ntables: [messages]")]
public sealed record Compact : INodeTask, ILasts
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    [Description("Keyspace"), RegularExpression("[A-Za-z0-9_]{1,222}")]
    public required string Keyspace { get; init; }

    /// <value>Default empty: all.</value>
    [Description("Tables; all of the keyspace when none are given")]
    public IReadOnlyList<string> Tables { get; init; } = [];

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (!await context.Scylla.CompactsAsTaskAsync(ct))
        {
            await context.Scylla.CompactAsync(Keyspace, [.. Tables], Patience, ct);
            return;
        }

        await new LongWork(context, context.Node, "compaction", "major compaction")
            .RunAsync(Keyspace, "", token => context.Scylla.StartCompactionAsync(Keyspace, [.. Tables], token), ct);
    }
}
