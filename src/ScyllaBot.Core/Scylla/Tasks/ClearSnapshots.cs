using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Deletes the bot's own snapshots of one purpose from the node, of this job and of earlier ones; never anybody else's (facts 7.33).</summary>
[Undo("the snapshots are gone; the data they were of is not")]
[Tag("clear-snapshots", "Clear own snapshots", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.Snapshot)]
[Example("tag: before_upgrade")]
public sealed record ClearSnapshots : INodeTask
{
    [Description("What they were taken for, as in snapshot"), RegularExpression("[A-Za-z0-9_]{1,64}")]
    public required string Tag { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var own = (await context.Scylla.SnapshotsAsync(ct)).Keys.Where(t => t.StartsWith(Snapshot.PrefixOf(Tag), StringComparison.Ordinal)).ToArray();
        foreach (var tag in own)
        {
            await context.Scylla.ClearSnapshotAsync(tag, ct);
            context.Log.Write($"Cleared snapshot {tag}");
        }

        if (own.Length == 0)
        {
            context.Log.Write("No snapshot of ours to clear");
        }

        await context.Debts.PayAsync(DebtKind.Snapshot, Snapshot.SubjectOf(context.Node, Tag), ct);
    }
}
