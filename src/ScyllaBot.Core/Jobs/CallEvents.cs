namespace ScyllaBot.Core.Jobs;

/// <summary>A halt that nobody has acknowledged calls again: the on-call role and the pager (R7).</summary>
/// <param name="Round">From 1, for this halt.</param>
public sealed record HaltCalled(DateTimeOffset At, int Round) : JobEvent(At);

/// <summary>A node is down by us for half of the time that others keep hints for it, or for all of it (R7).</summary>
/// <param name="Since">When it was held.</param>
/// <param name="Window">How long hints are kept.</param>
/// <param name="IsOver">All of it: writes are missing there from now on.</param>
public sealed record NodeDownLong(DateTimeOffset At, string Node, DateTimeOffset Since, TimeSpan Window, bool IsOver) : JobEvent(At);
