namespace ScyllaBot.Core.Jobs;

/// <summary>
/// Somebody left on a cluster what this database does not know (R13): it is the wrong one, empty or old. The cluster is read-only from here on, over
/// restarts: the bot's own stream.
/// </summary>
/// <param name="Epoch">The highest that a node has seen.</param>
/// <param name="Lines">What was found where, for people.</param>
/// <param name="Jobs">Jobs that left something there and that this database does not know.</param>
public sealed record FootprintsFound(DateTimeOffset At, string Cluster, long Epoch, ImmutableArray<string> Lines, ImmutableArray<string> Jobs) : JournalEvent(At);

/// <summary>
/// A human says that this is the database to go on with. The cluster's lease moves on to <paramref name="Epoch"/>, held by nobody: the older bot is
/// fenced, and what was found is history. The bot's own stream.
/// </summary>
/// <param name="Jobs">Jobs of the lost database that may still be met.</param>
public sealed record FootprintsAcknowledged(DateTimeOffset At, Person By, string Why, string Cluster, long Epoch, ImmutableArray<string> Jobs) : JournalEvent(At);

/// <summary>A cluster on which only what brings a node up is done, until a human has acknowledged what was found there (R13).</summary>
/// <param name="Epoch">The highest that a node has seen: with it a command passes the nodes' fences and fences nobody.</param>
public sealed record ReadOnlyCluster(string Cluster, long Epoch, ImmutableArray<string> Lines, ImmutableArray<string> Jobs)
{
    private const int Shown = 14;

    /// <summary>For answers, halts and plans; the same one until it is acknowledged.</summary>
    public string Sentence =>
        $"{Cluster} is read-only (R13): an earlier bot left there what this database does not know. Restore the newer database; or make sure that no other bot works there any more, "
        + $"then an approver acknowledges: /scp unlock cluster:{Cluster}. Until then nothing but starting Scylla on a node is done. Found:\n"
        + $"{string.Join('\n', Lines.Take(Shown))}{(Lines.Length > Shown ? $"\nand {Lines.Length - Shown} more" : "")}";
}
