namespace ScyllaBot.Core.Jobs;

/// <summary>How a node stands after work by hand, compared with how the job left it (R19).</summary>
public enum HandStatus
{
    /// <summary>The job had done it, and nobody touched it since.</summary>
    DoneByTheJob,

    /// <summary>Another generation, version or configuration than the job left.</summary>
    ChangedByHand,

    /// <summary>As the job left it, and not done yet.</summary>
    Untouched,
}

/// <param name="What">What differs, in words; empty when nothing does.</param>
public sealed record HandCompared(string Node, HandStatus Status, string What);

public partial interface IJobControl
{
    /// <summary>R19: to the safe point, then by hand. A cluster without a job is leased by hand.</summary>
    /// <param name="what">A cluster's name or a job's id.</param>
    Task<Outcome> TakeOverAsync(Actor by, string what, string reason, CancellationToken ct);

    /// <returns>Null: it is not worked on by hand.</returns>
    Task<ImmutableArray<HandCompared>?> CompareAsync(JobId job, CancellationToken ct);

    /// <summary>R19: the job goes on as a new plan.</summary>
    /// <param name="nodes">Node → <see cref="HandbackChoice"/>.</param>
    /// <param name="others">For every node that was changed by hand and is not named; null: refused when there is one.</param>
    Task<Outcome> HandBackAsync(Actor by, JobId job, ImmutableSortedDictionary<string, string> nodes, string? others, CancellationToken ct);

    /// <summary>R18: takes the lease away from a job, for ever.</summary>
    Task<Outcome> UnlockAsync(Actor by, JobId job, string reason, CancellationToken ct);

    /// <summary>R13: what an earlier bot left on a cluster is acknowledged; this database goes on there.</summary>
    Task<Outcome> UnlockClusterAsync(Actor by, string name, string reason, CancellationToken ct);

    /// <summary>R21: hands a job over.</summary>
    /// <param name="theirs">What the new owner may do.</param>
    Task<Outcome> HandOverAsync(Actor by, JobId job, Person to, Rights theirs, CancellationToken ct);

    /// <summary>R20.</summary>
    Task<Outcome> HaltAllAsync(Actor by, string reason, CancellationToken ct);

    Task<Outcome> LiftAsync(Actor by, CancellationToken ct);

    /// <summary>From the next choice of a node on. Null = leave it.</summary>
    Task<Outcome> TuneAsync(Actor by, JobId job, int? limit, int? stopAfter, CancellationToken ct);

    /// <summary>Null: the fleet is not halted (R20).</summary>
    FleetHalt? FleetHalt { get; }
}
