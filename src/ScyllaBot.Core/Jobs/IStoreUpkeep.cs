namespace ScyllaBot.Core.Jobs;

/// <summary>Messages that are written down and not confirmed.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Oldest">When the event happened that the oldest one tells of; null when there is none.</param>
public sealed record OutboxBacklog(int Rows, DateTimeOffset? Oldest);

/// <summary>What is old enough to be forgotten.</summary>
/// <param name="JobsBefore">Jobs that ended before.</param>
/// <param name="AuditBefore">What people asked before: kept longer than jobs.</param>
public sealed record RetentionCut(DateTimeOffset JobsBefore, DateTimeOffset AuditBefore);

/// <summary>What one round of forgetting came to.</summary>
/// <param name="Jobs">Removed with their journals, rows and messages.</param>
/// <param name="Audited">Entries of the bot's own stream that were removed.</param>
/// <param name="IsDone">Nothing else is old enough now.</param>
public sealed record ForgetOutcome(ImmutableArray<JobId> Jobs, int Audited, bool IsDone);

/// <summary>What a store does for itself, apart from jobs.</summary>
public interface IStoreUpkeep
{
    Task<OutboxBacklog> BacklogAsync(CancellationToken ct);

    /// <summary>
    /// Removes ended jobs that nothing refers to any more (<see cref="Retention"/>), in one transaction, which waits its turn with the others. What is
    /// left is as if those jobs had never been: rows still follow from journals.
    /// </summary>
    /// <param name="cut">How old.</param>
    /// <param name="limit">Jobs, and a hundred times as many entries of the audit, at most: so that nobody waits long for the transaction.</param>
    /// <param name="ct">Stops waiting.</param>
    Task<ForgetOutcome> ForgetAsync(RetentionCut cut, int limit, CancellationToken ct);
}
