namespace ScyllaBot.Core.Jobs;

/// <summary>A unit of a long step begins (R18). Written before the side effect: whoever comes back finishes it before the job stops or makes room.</summary>
public sealed record UnitBegun(DateTimeOffset At, StepKey Key, string Unit) : JobEvent(At);

/// <summary>It is done, or the step met a mark of its own for the first time: neither happens again.</summary>
public sealed record UnitDone(DateTimeOffset At, StepKey Key, string Unit) : JobEvent(At);
