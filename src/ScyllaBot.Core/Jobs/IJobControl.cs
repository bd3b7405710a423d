using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a person may do (R21). Rights come from configured roles, at the moment of the press.</summary>
[Flags]
public enum Rights
{
    None = 0,
    Read = 1,
    Operate = 2,
    Approve = 4,
}

/// <summary>Who asks: a person with the rights they have at this moment.</summary>
public sealed record Actor(Person Person, Rights Rights, ImmutableArray<string> Roles, string Channel, string InteractionId)
{
    public bool May(Rights right) => (Rights & right) == right;
}

/// <summary>A one-off task: a one-step job with the same lease, approval and record (R18).</summary>
/// <param name="Node">Null for a cluster task.</param>
/// <param name="Inputs">Input name → value as the catalogue names them.</param>
public sealed record TaskRequest(
    string RequestId, string Task, string Cluster, string? Node, ImmutableSortedDictionary<string, string> Inputs, string Reason)
{
    /// <summary>Run it under this job's lease instead of one of its own (R18).</summary>
    public JobId? Under { get; init; }

    /// <summary>Nodes that are down and stay so (R23).</summary>
    public ImmutableArray<string> KnownDown { get; init; } = [];
}

/// <summary>What a verb came to. Expected refusals are values.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <param name="Message">A sentence for the person.</param>
    public sealed record Done(JobId Job, string Message) : Outcome;

    /// <summary>Nothing changed. The message says why and what to do.</summary>
    public sealed record Refused(string Message) : Outcome
    {
        /// <summary>Because of who asks: a right that they lack, or somebody else must (R16, R21). False: nobody could do it as things stand.</summary>
        public bool IsForbidden { get; init; }
    }
}

/// <summary>What a job is doing at this moment; not in the journal.</summary>
public sealed record LiveJob(Job Job, Plan? Plan, ImmutableArray<LiveWait> Waits, ImmutableArray<NodeProgress> Nodes, ImmutableArray<string> NextNodes, string? WhyNotNext)
{
    /// <summary>Why each of the next nodes does not start now, in order.</summary>
    public ImmutableArray<(string Node, string Why)> WhyNot { get; init; } = [];

    /// <summary>Everyone's view as it was last read, of fixed width; null when nobody looks.</summary>
    public string? View { get; init; }

    /// <summary>While it holds (R6): when it goes on by itself, if nothing is wrong till then; null while something is.</summary>
    public DateTimeOffset? GoesOn { get; init; }

    /// <summary>Nodes that are held still although everyone sees them up again, as far as the view is known → since when their process runs.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> UpAgain { get; init; } = ImmutableSortedDictionary<string, DateTimeOffset>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What an abort waits for (R5).</summary>
    public ImmutableArray<MovementInFlight> InFlight { get; init; } = [];

    /// <summary>The whole fleet is halted (R20).</summary>
    public FleetHalt? Fleet { get; init; }

    /// <summary>The machine whose join was banned: it is wiped and joins anew (R5); null: there is none.</summary>
    public string? Rejoin { get; init; }
}

/// <param name="Condition">Title of the condition.</param>
/// <param name="Why">What is missing, null while it holds and its window runs.</param>
/// <param name="HeldFor">How long it has held without a break.</param>
/// <param name="LastReset">When and why the window was last reset.</param>
public sealed record LiveWait(
    StepKey Key, string Condition, string? Why, TimeSpan HeldFor, TimeSpan Window, DateTimeOffset Since, DateTimeOffset GivesUp,
    DateTimeOffset? LastReset, string? LastResetWhy)
{
    /// <summary>The numbers it judges by, with their last values.</summary>
    public ImmutableArray<Tasks.ObservedReading> Readings { get; init; } = [];

    /// <summary>What happens when its patience ends.</summary>
    public OnFailure Then { get; init; } = OnFailure.Halt;
}

public enum NodeProgressState
{
    Waiting,
    Working,
    Held,
    Done,
    Failed,
    Skipped,
}

/// <param name="Step">What it is at.</param>
/// <param name="HeldSince">Down by us since; null when not held.</param>
public sealed record NodeProgress(string Node, Zone Zone, NodeProgressState State, string? Step, DateTimeOffset? HeldSince);

/// <summary>What every surface (chat, command line) calls. It checks, appends and answers; it never runs a task.</summary>
public partial interface IJobControl
{
    Task<PlanOutcome> PlanAsync(Actor by, RunRequest request, CancellationToken ct);

    /// <summary>A plan for a one-off task; start it with <see cref="StartAsync"/>.</summary>
    Task<PlanOutcome> PlanTaskAsync(Actor by, TaskRequest request, CancellationToken ct);

    /// <summary>Takes the lease with Created. A plan that no longer holds is refused.</summary>
    Task<Outcome> StartAsync(Actor by, Plan plan, CancellationToken ct);

    Task<Outcome> PauseAsync(Actor by, JobId job, CancellationToken ct);

    Task<Outcome> ResumeAsync(Actor by, JobId job, CancellationToken ct);

    /// <param name="extend">Wait longer: the failed step's deadline starts anew.</param>
    Task<Outcome> RetryAsync(Actor by, JobId job, bool extend, CancellationToken ct);

    Task<Outcome> SkipAsync(Actor by, JobId job, string? node, CancellationToken ct);

    /// <param name="now">Cut what may be cut; restore held nodes.</param>
    Task<Outcome> AbortAsync(Actor by, JobId job, bool now, CancellationToken ct);

    Task<Outcome> RestoreAsync(Actor by, JobId job, string? node, CancellationToken ct);

    Task<Outcome> AcknowledgeAsync(Actor by, JobId job, CancellationToken ct);

    /// <param name="key">Approval key: <c>start</c>, a step's path@node, or the path of a gate that is not asked yet: then it is approved ahead (R16).</param>
    /// <param name="why">Of a refusal; where the question asks for the cluster's name: that (R17).</param>
    Task<Outcome> DecideAsync(Actor by, JobId job, string key, bool approve, string why, CancellationToken ct);

    /// <summary>One authorised person approves alone, with a reason; the owners are called (R16).</summary>
    Task<Outcome> BreakGlassAsync(Actor by, JobId job, string key, string reason, CancellationToken ct);

    /// <param name="key">The asking step as <c>path@node</c>; null = the only open question.</param>
    /// <param name="answer">One of its choices, or text that its pattern allows.</param>
    Task<Outcome> AnswerAsync(Actor by, JobId job, string? key, string answer, CancellationToken ct);

    Task<ImmutableArray<JobSummary>> ListAsync(JobFilter filter, CancellationToken ct);

    /// <returns>Null when there is no such job.</returns>
    Task<LiveJob?> ShowAsync(JobId job, CancellationToken ct);

    /// <summary>Why it waits: numbers, window, why it was last reset, what happens on time-out, why not another node.</summary>
    /// <returns>Null when there is no such job.</returns>
    Task<ImmutableArray<string>?> WhyAsync(JobId job, CancellationToken ct);

    /// <summary>What is owed, on one cluster or all.</summary>
    Task<ImmutableArray<Debt>> DebtsAsync(string? cluster, CancellationToken ct);

    /// <summary>Marks a debt as paid by hand.</summary>
    Task<Outcome> PayDebtAsync(Actor by, string id, string reason, CancellationToken ct);

    /// <summary>Records a command, press or refusal of a person (R21).</summary>
    Task AuditAsync(Actor by, string said, string decision, CancellationToken ct);

    Inventory Inventory { get; }

    /// <summary>The cluster as the inventory has it, with the identities that only the ring tells.</summary>
    /// <returns>Null when there is no such cluster.</returns>
    Task<Cluster?> ClusterAsync(string name, CancellationToken ct) => Task.FromResult(Inventory.Find(name));

    /// <summary>What can be chosen, for completion: from memory only.</summary>
    IJobChoices Choices { get; }
}

/// <summary>Everything completion needs, from memory.</summary>
public interface IJobChoices
{
    ImmutableArray<(string Name, string Description, ImmutableArray<Workflows.Variable> Variables)> Workflows { get; }

    ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> NodeTasks { get; }

    ImmutableArray<(string Tag, string Title, ImmutableArray<string> Inputs)> ClusterTasks { get; }

    ImmutableArray<JobSummary> OpenJobs { get; }

    ImmutableArray<JobSummary> RecentJobs { get; }
}
