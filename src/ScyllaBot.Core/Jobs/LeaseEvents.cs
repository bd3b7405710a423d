namespace ScyllaBot.Core.Jobs;

/// <summary>The cluster is leased to a job that yields (R18): this one begins as soon as it can take the lease.</summary>
/// <param name="Holder">Who has it.</param>
/// <param name="Class">What it will be taken for.</param>
public sealed record LeaseAwaited(DateTimeOffset At, string Holder, LeaseClass Class) : JobEvent(At);

/// <summary>
/// An approver took the lease away (R18): the epoch has grown, so nodes refuse whatever is still under way (R13). The job may only be ended or
/// planned anew.
/// </summary>
/// <param name="Epoch">The cluster's new one; nobody holds it.</param>
public sealed record Unlocked(DateTimeOffset At, Person By, string Why, string Cluster, long Epoch) : JobEvent(At);

/// <summary>From here on somebody else is called, and may not approve either (R21).</summary>
public sealed record OwnerChanged(DateTimeOffset At, Person By, Person To) : JobEvent(At);

/// <summary>Less at once, or an earlier stop, from the next choice of a node on. Null = as it was.</summary>
/// <param name="StopAfter">No further node begins once that many of the job are done; 0 = as planned.</param>
public sealed record Tuned(DateTimeOffset At, Person By, int? Limit, int? StopAfter) : JobEvent(At);

/// <summary>Why a job pauses without a human asking for that very job.</summary>
public enum PauseCause
{
    /// <summary>A human asked.</summary>
    Asked,

    /// <summary>The whole fleet was halted (R20); it goes on by itself when that is lifted.</summary>
    FleetHalt,

    /// <summary>Another job waits for the cluster (R18); it goes on by itself when the lease is free.</summary>
    Yield,

    /// <summary>A human works by hand (R19).</summary>
    ByHand,
}

/// <summary>What a lease is taken for (R18). Older journals do not say: then it excludes everything.</summary>
public enum LeaseClass
{
    /// <summary>Changes who is in the ring; excludes everything.</summary>
    Topology,

    /// <summary>Takes nodes down or changes how they work; excludes everything.</summary>
    Disruptive,

    /// <summary>Repair, cleanup, compaction, snapshots and what only looks: yields between units.</summary>
    Background,
}

/// <summary>Why it is pausing or paused; part of the fold while it is.</summary>
/// <param name="By">Who asked; the bot itself for a yield.</param>
/// <param name="For">The job that it yields to; null otherwise.</param>
public sealed record PauseState(PauseCause Cause, Person By, string Why, DateTimeOffset Since, string? For)
{
    /// <summary>While by hand: when people were last reminded (R19).</summary>
    public DateTimeOffset? Reminded { get; init; }

    /// <summary>While by hand: the safe point was reached and nothing of the job runs.</summary>
    public bool IsHandsOff { get; init; }
}

/// <summary>What a person set while the job runs.</summary>
public sealed record JobTuning(int? Limit, int? StopAfter);
