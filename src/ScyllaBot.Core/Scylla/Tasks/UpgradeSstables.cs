using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Rewrites sstables that are not in the newest format, after a version upgrade (facts 1.9). At Scylla it is a GET that changes data: never asked twice.</summary>
[PointOfNoReturn("the old files: a version that does not know the new format can not read them")]
[Tag("upgrade-sstables", "Upgrade sstables", Direction.Neutral, Risk.Disruptive, Interruptible.Yes)]
[Example("keyspaces: [discord]")]
public sealed record UpgradeSstables : INodeTask, ILasts
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <value>Default empty: all that are replicated.</value>
    [Description("Keyspaces; all replicated ones when none are given")]
    public IReadOnlyList<string> Keyspaces { get; init; } = [];

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var api = context.Scylla;
        var asTask = await api.CompactsAsTaskAsync(ct);
        var work = new LongWork(context, context.Node, "compaction", "upgrade sstables compaction");
        string[] all = Keyspaces.Count > 0
            ? [.. Keyspaces]
            : [.. await api.KeyspacesAsync(tablets: false, ct), .. await api.KeyspacesAsync(tablets: true, ct)];
        foreach (var keyspace in all)
        {
            await (asTask
                ? work.RunAsync(keyspace, "", token => api.StartUpgradeSstablesAsync(keyspace, token), ct)
                : api.UpgradeSstablesAsync(keyspace, Patience, ct));
        }
    }
}
