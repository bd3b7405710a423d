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

/// <summary>Which nodes a job is for.</summary>
public abstract record Target
{
    private Target() { }

    public sealed record All : Target;

    /// <summary><c>dc/rack</c>, or a bare rack where that is unambiguous (R24).</summary>
    public sealed record InZone(string Zone) : Target;

    public sealed record InDatacenter(string Datacenter) : Target;

    /// <summary>Names, or patterns of names with <c>*</c> and <c>?</c>.</summary>
    public sealed record Named(ImmutableArray<string> Nodes) : Target;

    /// <summary>Any of them, such as several zones.</summary>
    public sealed record Union(ImmutableArray<Target> Parts) : Target;
}

/// <summary>What <c>/scp run</c>, <c>/scp plan</c>, <c>/scp node-task</c> ask for.</summary>
/// <param name="RequestId">The interaction's id: the same one starts one job only.</param>
public sealed record RunRequest(
    string RequestId, string Workflow, string Cluster, Target Target, ImmutableSortedDictionary<string, string> Variables, string Reason)
{
    /// <summary>Of a one-off task: the job under whose lease it runs (R18).</summary>
    public JobId? Under { get; init; }
    /// <summary>Nodes, patterns of nodes or zones that are left out.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>Only what an earlier job left over; null: all of the target.</summary>
    public FromJob? From { get; init; }

    /// <summary>Most nodes at once; only tightens. Null: the workflow's own limits.</summary>
    public int? Limit { get; init; }

    /// <summary>End after so many nodes; null: after all.</summary>
    public int? StopAfter { get; init; }

    /// <summary>Names or host ids of nodes that are down and stay so (R23).</summary>
    public ImmutableArray<string> KnownDown { get; init; } = [];
}

/// <summary>A one-off task: a one-step job with the same lease, approval and record (R18).</summary>
/// <param name="Node">Null for a cluster task.</param>
/// <param name="Inputs">Input name → value as the catalogue names them.</param>
public sealed record TaskRequest(
    string RequestId, string Task, string Cluster, string? Node, ImmutableSortedDictionary<string, string> Inputs, string Reason)
{
    /// <summary>Run it under this job's lease instead of one of its own (R18).</summary>
    public JobId? Under { get; init; }
}

/// <summary>What a verb came to. Expected refusals are values.</summary>
public abstract record Outcome
{
    private Outcome() { }

    /// <param name="Message">A sentence for the person.</param>
    public sealed record Done(JobId Job, string Message) : Outcome;

    /// <summary>Nothing changed. The message says why and what to do.</summary>
    public sealed record Refused(string Message) : Outcome;
}

/// <summary>What a plan came to.</summary>
public abstract record PlanOutcome
{
    private PlanOutcome() { }

    public sealed record Ready(Plan Plan) : PlanOutcome;

    /// <summary>Nothing changed. All that is wrong, each a sentence that says what to do.</summary>
    public sealed record Refused(ImmutableArray<string> Why) : PlanOutcome;
}

/// <summary>A plan: what would happen and why it is safe (R15). Holds nothing, changes nothing.</summary>
public sealed record Plan
{
    public required RunRequest Request { get; init; }

    public required string Title { get; init; }

    /// <summary>Workflow text, variables, exemptions, targets with identity, replication: what an approval is bound to.</summary>
    public required string Hash { get; init; }

    public required Cluster Cluster { get; init; }

    public required string WorkflowText { get; init; }

    /// <summary>All variables with their values.</summary>
    public required ImmutableSortedDictionary<string, string> Variables { get; init; }

    public required ImmutableArray<TargetNode> Targets { get; init; }

    /// <summary>In order: zone and the nodes of it, in the order they are taken.</summary>
    public required ImmutableArray<PlanWave> Waves { get; init; }

    public required ImmutableArray<PlanStep> Steps { get; init; }

    /// <summary>The availability verdict, in words, with exemptions and "degraded proof" where it is one (R25).</summary>
    public required ImmutableArray<string> Verdict { get; init; }

    /// <summary>What does not hold right now; a run would wait for it or halt.</summary>
    public required ImmutableArray<string> Concerns { get; init; }

    /// <summary>Who will be asked what.</summary>
    public required ImmutableArray<string> Approvals { get; init; }

    /// <summary>Limit, stop_after and known_down, as they were understood.</summary>
    public JobScope Scope { get; init; } = new();

    /// <summary>What was meant, to be compared with what is there later (R15); null where only names are needed.</summary>
    public PlanMeaning? Meant { get; init; }

    /// <summary>Fingerprints of its tasks (R30).</summary>
    public ImmutableSortedDictionary<string, string>? Tasks { get; init; }

    /// <summary>Who must approve the start (R16, R17).</summary>
    public ApprovalNeed Start { get; init; } = ApprovalNeed.None;

    /// <summary>Human decisions within the workflow, in the order of its steps.</summary>
    public ImmutableArray<PlanGate> Gates { get; init; } = [];

    /// <summary>What would be waited for if it began now: a sentence for each step and condition.</summary>
    public ImmutableArray<string> Waits { get; init; } = [];

    /// <summary>How long it takes, by earlier runs; empty where only names are needed.</summary>
    public string Expected { get; init; } = "";

    /// <summary>What is owed on the cluster, and what this may leave owing.</summary>
    public ImmutableArray<string> Debts { get; init; } = [];
    /// <summary>What the lease is taken for (R18).</summary>
    public LeaseClass Class { get; init; } = LeaseClass.Disruptive;
}

/// <param name="Zone">Of its first node.</param>
/// <param name="Nodes">In the order they are taken.</param>
/// <param name="Limit">Most at work at once.</param>
public sealed record PlanWave(Zone Zone, ImmutableArray<string> Nodes, int Limit)
{
    /// <summary>The zone, or all of them where one failure domain makes them one (R24).</summary>
    public string Label { get; init; } = Zone.ToString();

    /// <summary>From 1; 0 where the nodes are not cut into batches.</summary>
    public int Batch { get; init; }

    /// <summary>What people call it.</summary>
    public string Name => Batch > 0 ? $"Batch {Batch}, {Label}" : Label;
}

/// <param name="Title">What the operator reads.</param>
/// <param name="Detail">Tag and the inputs that matter.</param>
public sealed record PlanStep(string Path, string Title, string Detail, Tasks.Direction Direction, Tasks.Risk Risk, bool PerNode)
{
    /// <summary>How it is undone, or why it is a point of no return; empty where nothing is to be undone.</summary>
    public string Undo { get; init; } = "";

    public bool IsPointOfNoReturn { get; init; }

    /// <summary>On production two people approve it, and each types the cluster's name (R17).</summary>
    public bool NeedsTwo { get; init; }
}

/// <summary>A human decision within the workflow (R16): it may be approved ahead, bound to the plan's hash.</summary>
/// <param name="Path">Of its step.</param>
/// <param name="PerNode">Asked once for each node.</param>
public sealed record PlanGate(string Path, string Title, string Message, ImmutableArray<string> Approvers, int Count, bool PerNode);

/// <summary>What a job is doing at this moment; not in the journal.</summary>
public sealed record LiveJob(Job Job, Plan? Plan, ImmutableArray<LiveWait> Waits, ImmutableArray<NodeProgress> Nodes, ImmutableArray<string> NextNodes, string? WhyNotNext)
{
    /// <summary>Why each of the next nodes does not start now, in order.</summary>
    public ImmutableArray<(string Node, string Why)> WhyNot { get; init; } = [];

    /// <summary>Everyone's view as it was last read, of fixed width; null when nobody looks.</summary>
    public string? View { get; init; }

    /// <summary>While it holds (R6): when it goes on by itself, if nothing is wrong till then; null while something is.</summary>
    public DateTimeOffset? GoesOn { get; init; }

    /// <summary>The whole fleet is halted (R20).</summary>
    public FleetHalt? Fleet { get; init; }
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
