using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Control;

/// <summary>A job as it stands at this moment: what its card shows, and what can be done about it.</summary>
public sealed record JobView
{
    public required string Id { get; init; }

    public required string Cluster { get; init; }

    public required string Workflow { get; init; }

    public required string Title { get; init; }

    public required JobState State { get; init; }

    public JobOutcome? Outcome { get; init; }

    /// <summary>Why it ended as it did; null while it is open.</summary>
    public string? EndWhy { get; init; }

    /// <summary>Who asked for it.</summary>
    public required Person Operator { get; init; }

    /// <summary>Who is called for it.</summary>
    public required Person Owner { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Of its last event.</summary>
    public required long Sequence { get; init; }

    public required string PlanHash { get; init; }

    public required ImmutableSortedDictionary<string, string> Variables { get; init; }

    /// <summary>In the order they are taken.</summary>
    public required ImmutableArray<JobNode> Nodes { get; init; }

    /// <summary>In the order of the plan, then of the nodes.</summary>
    public required ImmutableArray<JobStep> Steps { get; init; }

    /// <summary>What it waits for now.</summary>
    public required ImmutableArray<JobWait> Waits { get; init; }

    public required ImmutableArray<string> NextNodes { get; init; }

    /// <summary>Why the first of them does not start now.</summary>
    public string? WhyNotNext { get; init; }

    public required ImmutableArray<JobApproval> Approvals { get; init; }

    public required ImmutableArray<JobQuestion> Questions { get; init; }

    /// <summary>Null unless a human is needed (R7).</summary>
    public JobHalt? Halt { get; init; }

    /// <summary>Null unless it is holding (R6).</summary>
    public JobHold? Hold { get; init; }

    /// <summary>Null unless it is pausing or paused.</summary>
    public JobPause? Pause { get; init; }

    /// <summary>What an abort waits for (R5): host, what, way out.</summary>
    public required ImmutableArray<MovementInFlight> InFlight { get; init; }

    /// <summary>What it owes.</summary>
    public required ImmutableArray<DebtLine> Debts { get; init; }

    /// <summary>Everyone's view as it was last read, of fixed width; null when nobody looks.</summary>
    public string? View { get; init; }

    /// <summary>A sentence while everything is halted (R20).</summary>
    public string? FleetHalt { get; init; }
}

/// <param name="Step">What it is at.</param>
/// <param name="HeldSince">Down by us since; null when not held.</param>
public sealed record JobNode(string Node, string Zone, NodeProgressState State, string? Step, DateTimeOffset? HeldSince)
{
    /// <summary>It is held still although everyone sees it up again, as far as the view is known: since when its process runs; null otherwise.</summary>
    public DateTimeOffset? UpSince { get; init; }
}

/// <param name="Path">Place in the plan, such as <c>1.2</c>.</param>
/// <param name="Node">Null for a step of the cluster.</param>
/// <param name="Attempt">The current or last one, from 1.</param>
/// <param name="Why">Of its last failure or interruption.</param>
public sealed record JobStep(
    string Path, string? Node, string Title, StepStatus Status, int Attempt, DateTimeOffset? Started, DateTimeOffset Updated, DateTimeOffset? RetryAt, string? Why);

/// <param name="Condition">Its title.</param>
/// <param name="Why">What is missing; null while it holds and its window runs.</param>
/// <param name="HeldForSeconds">How long it has held without a break.</param>
/// <param name="GivesUp">Null: as long as that takes.</param>
/// <param name="Readings">The numbers it judges by, a sentence each.</param>
public sealed record JobWait(
    string Path, string? Node, string Condition, string? Why, double HeldForSeconds, double WindowSeconds, DateTimeOffset Since, DateTimeOffset? GivesUp,
    DateTimeOffset? LastReset, string? LastResetWhy, ImmutableArray<string> Readings);

/// <param name="Key">What <see cref="DecideForm.Key"/> takes.</param>
/// <param name="Approvers">Ids or groups; empty = whoever has the approver right.</param>
/// <param name="Confirm">What an approver must type (R17); null: nothing.</param>
public sealed record JobApproval(
    string Key, string What, ApprovalStanding State, int Count, ImmutableArray<Person> Given, ImmutableArray<string> Approvers, DateTimeOffset Expires,
    string? Confirm, Person? RefusedBy, string? RefusedWhy, bool MayBreakGlass);

public enum ApprovalStanding
{
    Open,
    Granted,
    Refused,
    Expired,
}

/// <param name="Choices">What may be answered; empty = free text.</param>
/// <param name="Pattern">What free text must match from end to end; null = anything short.</param>
public sealed record JobQuestion(string Key, string Text, ImmutableArray<string> Choices, string? Pattern, DateTimeOffset Asked, string? Answer, Person? By);

/// <param name="Step">As <c>path@node</c>; null where it is about no step.</param>
/// <param name="Recoverable">It may pass by itself when it is tried again.</param>
public sealed record JobHalt(string? Step, bool Recoverable, string Why, string SafeNow, DateTimeOffset Since, bool Acknowledged);

/// <param name="GoesOn">When it goes on by itself, if nothing is wrong till then; null while something is.</param>
public sealed record JobHold(string? Node, string Why, DateTimeOffset Since, DateTimeOffset? GoesOn);

/// <param name="HandsOff">By hand: the safe point was reached and nothing of the job runs.</param>
public sealed record JobPause(PauseCause Cause, Person By, string Why, DateTimeOffset Since, bool HandsOff);

/// <summary>Why a job waits, in sentences with numbers.</summary>
/// <param name="View">Everyone's view, of fixed width; null when nobody looks.</param>
public sealed record WhyAnswer(string Job, ImmutableArray<string> Lines, string? View);

/// <param name="Status">As <see cref="HandStatus"/>.</param>
/// <param name="What">What differs; empty when nothing does.</param>
public sealed record HandLine(string Node, HandStatus Status, string What);

/// <summary>What was done by hand, node by node (R19).</summary>
public sealed record HandView(string Job, ImmutableArray<HandLine> Nodes);
