namespace ScyllaBot.Core.Jobs;

/// <summary>A node that this job brings into the ring has appeared there, by its address: from here on it is a member like any other (R27).</summary>
/// <param name="HostId">What the ring calls it: not what the inventory says, which says nothing or names the machine that it replaces.</param>
public sealed record NodeJoined(DateTimeOffset At, string Node, Guid HostId) : JobEvent(At);
