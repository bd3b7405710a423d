namespace ScyllaBot.Core.Jobs;

/// <summary>A job that waits or pauses can not be taken up, and its operator was told once (R30): the bot's own stream.</summary>
public sealed record JobStuck(DateTimeOffset At, string Job, string Why) : JournalEvent(At);
