using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Jobs;

/// <summary>What is written to a journal. Closed and versioned: a reader refuses what it does not know, it never skips it.</summary>
/// <param name="At">When it happened, engine time, UTC.</param>
public abstract record JournalEvent(DateTimeOffset At);

/// <summary>One fact about a job. The job is the fold of these.</summary>
public abstract record JobEvent(DateTimeOffset At) : JournalEvent(At);

/// <summary>A person asked for the job; the plan it was asked for by.</summary>
/// <param name="RequestId">Unique; the same request starts one job only.</param>
public sealed record Created(
    DateTimeOffset At, string RequestId, string WorkflowName, string WorkflowText, ImmutableSortedDictionary<string, string> Variables,
    string Cluster, Person Operator, ImmutableArray<TargetNode> Targets, string PlanHash, string Reason, string Title, string Channel)
    : JobEvent(At)
{
    /// <summary>Nodes that are in the ring although the inventory has no host id for them, with what the ring called them. Null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Identities { get; init; }

    /// <summary>Tag → fingerprint of every task and condition of it (R30); null in journals of before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Tasks { get; init; }

    /// <summary>Limit, stop_after, known_down; null: none of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JobScope? Scope { get; init; }

    /// <summary>What was meant, to be compared with what is there later (R15); null in journals of before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanMeaning? Meant { get; init; }

    /// <summary>Epoch of another job's lease, beside which it brings a node up (R4); null: it takes one of its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BesideEpoch { get; init; }
}

/// <summary>It may run: nothing was to be approved, or enough people approved.</summary>
public sealed record Began(DateTimeOffset At) : JobEvent(At);

public sealed record LeaseTaken(DateTimeOffset At, string Cluster, long Epoch) : JobEvent(At)
{
    /// <summary>What for (R18). Null: an older journal, it excludes everything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LeaseClass? Class { get; init; }

    /// <summary>No other cluster of this group may be disrupted meanwhile (R18); null = in none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Group { get; init; }

    /// <summary>The fleet's cap when it was taken: refused when that many other clusters are being disrupted (R18). Null = none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Cap { get; init; }
}

public sealed record LeaseReleased(DateTimeOffset At, string Cluster, long Epoch) : JobEvent(At);

/// <summary>Written before the side effect. Attempt k+1 begins only after a recorded failure of k (R11).</summary>
/// <param name="Deadline">Fixed by the first start (R8); null when the step has none.</param>
public sealed record StepStarted(DateTimeOffset At, StepKey Key, int Attempt, DateTimeOffset? Deadline) : JobEvent(At);

/// <summary>Written after the side effect.</summary>
public sealed record StepSucceeded(DateTimeOffset At, StepKey Key, int Attempt) : JobEvent(At);

/// <param name="Recoverable">Class of the failure.</param>
/// <param name="RetryAt">When the next attempt may begin; null when none is left.</param>
public sealed record StepFailed(DateTimeOffset At, StepKey Key, int Attempt, bool Recoverable, string Why, DateTimeOffset? RetryAt)
    : JobEvent(At)
{
    /// <summary>
    /// What nobody knows the end of: names of receipts, or that an answer is missing. The next attempt goes under the same receipts (R12). Null: all is known.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Unsettled { get; init; }

    /// <summary>True: its unit has ended with it, not well. Otherwise what the unit began may still be under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsUnitOver { get; init; }
}

/// <summary>Cut by abort-now or the host stopping: the same attempt is entered again (R11).</summary>
public sealed record StepInterrupted(DateTimeOffset At, StepKey Key, int Attempt, string Why) : JobEvent(At)
{
    /// <summary>True: its node was not taken down yet and now waits for something else; its time begins anew when it is entered again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsUnbegun { get; init; }
}

/// <summary>A step whose failure the workflow tolerates (<c>on_failure: continue</c>).</summary>
public sealed record StepSkipped(DateTimeOffset At, StepKey Key, string Why) : JobEvent(At);

/// <summary>This node's own steps may stop it serving from here on (R2).</summary>
public sealed record NodeHeld(DateTimeOffset At, string Node, StepKey Key) : JobEvent(At);

/// <summary>How a held node was let go.</summary>
public enum ReleaseReason
{
    /// <summary>Its own last step passed.</summary>
    Done,

    /// <summary>Its restore steps passed (R4).</summary>
    Restored,
}

public sealed record NodeReleased(DateTimeOffset At, string Node, ReleaseReason How) : JobEvent(At)
{
    /// <summary>It was brought up in the middle of what is done to a node that is down: after a retry its steps begin anew here. Null: they go on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StepKey? Anew { get; init; }
}

/// <summary>The rest of this node's steps are dropped; never while it is down by us (R4).</summary>
public sealed record NodeSkipped(DateTimeOffset At, string Node, Person? By, string Why) : JobEvent(At)
{
    /// <summary>The node workflow that gave it up as one of its <c>max_failed_nodes</c>; null: somebody, or a step's <c>on_failure</c>, skipped it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GivenUp { get; init; }
}

/// <summary>A human is needed. Exactly one ping follows from it (R7).</summary>
public sealed record Halted(DateTimeOffset At, StepKey? Key, bool Recoverable, string Why, string SafeNow) : JobEvent(At)
{
    /// <summary>Fingerprints of this version's tasks, which a retry agrees to (R30). Null: it is about something else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Tasks { get; init; }
}

public sealed record HaltAcknowledged(DateTimeOffset At, Person By) : JobEvent(At);

/// <param name="Extend">Wait longer: the failed step's deadline starts anew.</param>
public sealed record RetryAsked(DateTimeOffset At, Person By, bool Extend) : JobEvent(At);

/// <summary>Bring the node up / roll it back: run its restore steps (R4).</summary>
public sealed record RestoreAsked(DateTimeOffset At, Person By, string Node) : JobEvent(At);

public sealed record PauseAsked(DateTimeOffset At, Person By) : JobEvent(At)
{
    /// <summary>Null: a human asked for this very job.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PauseCause? Cause { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Why { get; init; }

    /// <summary>The job that it yields to (R18).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? For { get; init; }
}

/// <summary>The safe point was reached: no node is held (R3).</summary>
public sealed record PauseReached(DateTimeOffset At) : JobEvent(At);

public sealed record Resumed(DateTimeOffset At, Person By) : JobEvent(At);

/// <param name="Now">Do not let held nodes finish their own steps; restore them.</param>
public sealed record AbortAsked(DateTimeOffset At, Person By, bool Now) : JobEvent(At);

/// <summary>What was meant is no longer what is there (R15, R27): approvals of steps not begun are void.</summary>
public sealed record PlanDrifted(DateTimeOffset At, string What) : JobEvent(At)
{
    /// <summary>Nodes of the plan that are no longer in the ring: they are dropped, or the job is planned anew. Null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? Gone { get; init; }

    /// <summary>What a job that goes on is measured by from here; null: what it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PlanMeaning? Now { get; init; }
}

/// <summary>The workflow's <c>always</c> steps begin.</summary>
public sealed record AlwaysStarted(DateTimeOffset At) : JobEvent(At);

/// <summary>A new host process took the job up again (R10).</summary>
/// <param name="Away">How long no host looked after it.</param>
public sealed record HostResumed(DateTimeOffset At, TimeSpan Away) : JobEvent(At);

/// <summary>Something to tell people, from a task (R14).</summary>
public sealed record Announced(DateTimeOffset At, StepKey Key, ImmutableArray<string> Channels, string Message) : JobEvent(At);

public enum JobOutcome
{
    Succeeded,
    Aborted,

    /// <summary>Not approved, or the approval expired before the start.</summary>
    Refused,
}

public sealed record Ended(DateTimeOffset At, JobOutcome Outcome, string Why) : JobEvent(At);

/// <summary>A command, press or refusal by a person (R21): the bot's own stream.</summary>
/// <param name="Said">What was asked, bounded.</param>
/// <param name="Decision">What came of it.</param>
public sealed record Audited(DateTimeOffset At, Person By, string InteractionId, string Channel, string Said, string Decision)
    : JournalEvent(At);

/// <summary>A person as the chat knows them.</summary>
public sealed record Person(string Id, string Name)
{
    /// <summary>The bot itself.</summary>
    public static readonly Person Bot = new("scyllabot", "ScyllaBot");
}

/// <summary>A node as it was when the plan was made (R15).</summary>
public sealed record TargetNode(string Name, string Address, Guid HostId, string Datacenter, string Rack, string Version)
{
    [JsonIgnore]
    public Clusters.Zone Zone => new(Datacenter, Rack);

    /// <summary>What fails together beyond racks (R24); null = the rack alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FailureDomain { get; init; }
}
