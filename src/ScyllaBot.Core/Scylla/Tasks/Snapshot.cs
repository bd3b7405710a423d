using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Links every sstable of the node under a tag (facts 1.17). On the node the tag is <c>scp-TAG-JOB</c>: so it is known to be the bot's and of this
/// job, and one that is there already is this step's own. Snapshots pin disk until <c>clear-snapshots</c>.
/// </summary>
[Undo("clear-snapshots")]
[Tag("snapshot", "Take a snapshot", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.Snapshot)]
[Example("tag: before_upgrade")]
public sealed record Snapshot : INodeTask
{
    [Description("What it is for; on the node the job's id is added"), RegularExpression("[A-Za-z0-9_]{1,64}")]
    public required string Tag { get; init; }

    /// <value>Default empty: all.</value>
    [Description("Keyspaces; all when none are given")]
    public IReadOnlyList<string> Keyspaces { get; init; } = [];

    /// <value>Default false.</value>
    [Description("Leave out what is only in memory yet")]
    public bool SkipFlush { get; init; }

    /// <value>Default 7.</value>
    [Description("After how many days it is overdue to be cleared: snapshots pin disk"), Range(1, 365)]
    public int KeepDays { get; init; } = 7;

    public IReadOnlyList<INodeCondition> Preconditions => [];

    /// <summary>What begins every tag of ours for one purpose, whatever the job.</summary>
    internal static string PrefixOf(string tag) => $"scp-{tag}-";

    internal static string SubjectOf(Node node, string tag) => $"{node.Name}/{tag}";

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var tag = PrefixOf(Tag) + context.Stamp.Job;
        await context.Debts.OpenAsync(new Owing(
            DebtKind.Snapshot, SubjectOf(context.Node, Tag), $"snapshot {tag} pins disk of {context.Node.Name}", TimeSpan.FromDays(KeepDays),
            DebtUndo.Of("clear-snapshots", context.Node.Name, byItself: false, ("tag", Tag)), DebtNature.Kept), ct);
        if (await MissingAsync(context, tag, ct) is not { } missing)
        {
            context.Log.Write($"Snapshot {tag} is there already");
            return;
        }

        try
        {
            await context.Scylla.TakeSnapshotAsync(tag, missing, SkipFlush, ct);
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            context.Log.Write($"Warning: {lost.Message}");
        }

        if (await MissingAsync(context, tag, ct) is { } still)
        {
            throw new RecoverableException($"{context.Node.Name}: snapshot {tag} lacks {(still.IsEmpty ? "everything" : string.Join(", ", still))}");
        }

        context.Log.Write($"Snapshot {tag}; all snapshots pin {await context.Scylla.SnapshotsSizeAsync(ct):N0} bytes");
    }

    /// <returns>Keyspaces that the tag lacks; empty = all that there are, null = none. A snapshot cut by a crash of the node is finished so.</returns>
    private async Task<ImmutableArray<string>?> MissingAsync(NodeContext context, string tag, CancellationToken ct)
    {
        if (!(await context.Scylla.SnapshotsAsync(ct)).TryGetValue(tag, out var taken))
        {
            return [.. Keyspaces];
        }

        var missing = Keyspaces.Where(k => taken.All(t => t.Keyspace != k)).ToImmutableArray();
        return missing.IsEmpty ? null : missing;
    }
}
