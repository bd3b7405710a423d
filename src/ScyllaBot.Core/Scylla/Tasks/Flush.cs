using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Writes memtables to disk (facts 1.9), such as before a snapshot or a stop that shall be short.</summary>
[Tag("flush", "Flush memtables", Direction.Neutral, Risk.Low, Interruptible.Yes)]
[Example("keyspaces: [discord]")]
public sealed record Flush : INodeTask
{
    /// <value>Default empty: all.</value>
    [Description("Keyspaces; all when none are given")]
    public IReadOnlyList<string> Keyspaces { get; init; } = [];

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (Keyspaces.Count == 0)
        {
            await context.Scylla.FlushAsync(null, [], ct);
        }

        foreach (var keyspace in Keyspaces)
        {
            await context.Scylla.FlushAsync(keyspace, [], ct);
        }
    }
}
