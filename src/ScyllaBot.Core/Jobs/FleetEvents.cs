namespace ScyllaBot.Core.Jobs;

/// <summary>Everything stops at its safe point (R20): the bot's own stream.</summary>
/// <param name="ByFile">A file <c>HALT</c> beside the database said so.</param>
public sealed record FleetHalted(DateTimeOffset At, Person By, string Why, bool ByFile) : JournalEvent(At);

/// <summary>An approver lifted it.</summary>
public sealed record FleetLifted(DateTimeOffset At, Person By) : JournalEvent(At);
