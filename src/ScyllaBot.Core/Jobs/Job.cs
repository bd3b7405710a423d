using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Jobs;

/// <summary>Where a job stands. Which event is legal in which state: <see cref="JobTransitions"/>.</summary>
public enum JobState
{
    /// <summary>Asked for; a start approval is open.</summary>
    Waiting,

    Running,

    /// <summary>A guard turned false: no node is taken down until it has held again for a while (R6).</summary>
    Holding,

    /// <summary>Pause asked: held nodes finish their own steps (R3).</summary>
    Pausing,

    Paused,

    /// <summary>A human is needed; held nodes other than the failed one finish their own steps (R3, R7).</summary>
    Halted,

    /// <summary>Held nodes finish or are restored, then the job ends (R4).</summary>
    Aborting,

    Ended,
}

public enum StepStatus
{
    Started,
    Succeeded,
    Failed,
    Interrupted,
    Skipped,
}

/// <summary>What the journal says of one step.</summary>
/// <param name="Status">Its last event.</param>
/// <param name="Attempt">The current or last attempt, from 1.</param>
/// <param name="Failures">Failures that count against its retries: since its first start or the last human retry (R8).</param>
/// <param name="FirstStarted">What its deadline and its waits are measured from (R8).</param>
public sealed record StepState(
    StepKey Key, StepStatus Status, int Attempt, int Failures, DateTimeOffset? FirstStarted, DateTimeOffset? Deadline,
    DateTimeOffset? RetryAt, DateTimeOffset Updated, string? Why)
{
    /// <summary>The attempt that begins or goes on next (R11).</summary>
    internal static int AttemptAfter(StepState? state) => state switch
    {
        null => 1,
        { Status: StepStatus.Failed } => state.Attempt + 1,
        _ => state.Attempt,
    };

    /// <summary>Its very first start, which no retry resets: what began on a node since then may be its own.</summary>
    public DateTimeOffset? Begun { get; init; }

    /// <summary>As the last failure left it, see <see cref="StepFailed.Unsettled"/>; empty when all is known.</summary>
    public ImmutableArray<string> Unsettled { get; init; } = [];

    /// <summary>Units of it that are done, and since when (R18); none once it has passed.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> Units { get; init; } = NoUnits;

    /// <summary>The one that has begun; null at a seam.</summary>
    public string? Unit { get; init; }

    /// <summary>When it began, or the last one did.</summary>
    public DateTimeOffset? UnitBegun { get; init; }

    internal static ImmutableSortedDictionary<string, DateTimeOffset> NoUnits { get; } =
        ImmutableSortedDictionary<string, DateTimeOffset>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The attempt that names the receipts: an earlier one as long as what it began is unsettled (R12).</summary>
    public int ReceiptAttempt { get; init; }
}

/// <summary>A node that may be down by us.</summary>
public sealed record HeldNode(string Node, DateTimeOffset Since, StepKey Key);

/// <summary>An approval and how it stands.</summary>
public sealed record ApprovalState(ApprovalAsked Asked, ImmutableArray<Person> Given, Person? RefusedBy, string? RefusedWhy, bool Expired)
{
    /// <summary>Who approved it alone (R16); null: nobody.</summary>
    public Person? Glass { get; init; }

    public bool IsGranted => RefusedBy is null && !Expired && (Given.Length >= Asked.Count || Glass is not null);

    public bool IsOpen => RefusedBy is null && !Expired && !IsGranted;
}

/// <summary>One execution of a workflow on one cluster: the fold of its journal. Immutable.</summary>
public sealed partial record Job
{
    public required JobId Id { get; init; }

    public required Created Birth { get; init; }

    public JobState State { get; init; }

    /// <summary>Number of events folded so far = sequence of the last one.</summary>
    public long Sequence { get; init; }

    /// <summary>When the last event happened.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>Epoch of the lease it holds; 0 = none.</summary>
    public long LeaseEpoch { get; init; }

    public ImmutableSortedDictionary<StepKey, StepState> Steps { get; init; } = ImmutableSortedDictionary<StepKey, StepState>.Empty;

    public ImmutableSortedDictionary<string, HeldNode> Held { get; init; } = ImmutableSortedDictionary<string, HeldNode>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, string> SkippedNodes { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, ApprovalState> Approvals { get; init; } = ImmutableSortedDictionary<string, ApprovalState>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The open halt; null unless a human is needed.</summary>
    public Halted? Halt { get; init; }

    public bool HaltIsAcknowledged { get; init; }

    /// <summary>Null unless it is holding (R6).</summary>
    public HoldState? Hold { get; init; }

    /// <summary>When which node made it hold, the latest last; forgotten when a human says go on.</summary>
    public ImmutableArray<NodeFlap> Flaps { get; init; } = [];

    /// <summary>Nodes that were well and that this job has not touched since, with the generation they ran under (R6).</summary>
    public ImmutableSortedDictionary<string, string> SeenWell { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Everyone's view when it last mattered.</summary>
    public ViewSeen? View { get; init; }

    /// <summary>Node → what was measured before it was first held.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, double>> Baselines { get; init; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, double>>.Empty.WithComparers(StringComparer.Ordinal);

    public ImmutableSortedDictionary<StepKey, QuestionState> Questions { get; init; } = ImmutableSortedDictionary<StepKey, QuestionState>.Empty;

    /// <summary>Nodes whose restore was asked and has not passed yet.</summary>
    public ImmutableSortedSet<string> Restoring { get; init; } = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    /// <summary>Nodes that were brought up in the middle of their steps, with the step that had taken them down: a retry begins anew there.</summary>
    public ImmutableSortedDictionary<string, StepKey> BroughtUp { get; init; } = ImmutableSortedDictionary<string, StepKey>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Which round of restore steps a node is in; 0 before the first.</summary>
    public ImmutableSortedDictionary<string, int> RestoreRounds { get; init; } = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Steps that have said what they had to say: a second run of theirs says nothing.</summary>
    public ImmutableSortedSet<StepKey> Announcements { get; init; } = [];

    public AbortAsked? Abort { get; init; }

    /// <summary>It left its start approval behind; until then nothing has happened that the always steps would clean up after.</summary>
    public bool HasBegun { get; init; }

    /// <summary>The workflow's always steps have begun.</summary>
    public bool IsFinishing { get; init; }

    public Ended? End { get; init; }

    [JsonIgnore]
    public string Cluster => Birth.Cluster;

    public bool IsOpen => State != JobState.Ended;

    /// <summary>R3: this job holds no node.</summary>
    public bool IsAtSafePoint => Held.Count == 0;

    public StepState? Step(StepKey key) => Steps.GetValueOrDefault(key);

    /// <summary>Nodes this job is in the middle of, or was told to leave alone: what happens to them is its own doing (R2, R6).</summary>
    public ImmutableSortedSet<string> OwnNodes() => Held.Keys.Concat(SkippedNodes.Keys).Concat(KnownDown())
        .Concat(Steps.Values.Where(s => s.Key.Node is not null && s.Status is not (StepStatus.Succeeded or StepStatus.Skipped) && !IsOldRestore(s.Key)).Select(s => s.Key.Node!))
        .ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>A way out that failed once and was gone later: whoever is not held any more is nobody's business of that step.</summary>
    private bool IsOldRestore(StepKey key) => JobPaths.IsRestore(key.Path) && !Held.ContainsKey(key.Node!);

    public bool HasPassed(StepKey key) => Step(key) is { Status: StepStatus.Succeeded or StepStatus.Skipped };
}
