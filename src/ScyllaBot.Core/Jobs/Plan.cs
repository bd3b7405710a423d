using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>What a plan came to.</summary>
public abstract record PlanOutcome
{
    private PlanOutcome() { }

    public sealed record Ready(Plan Plan) : PlanOutcome;

    /// <summary>Nothing changed. All that is wrong, each a sentence that says what to do.</summary>
    public sealed record Refused(ImmutableArray<string> Why) : PlanOutcome
    {
        /// <summary>As <see cref="Outcome.Refused.IsForbidden"/>.</summary>
        public bool IsForbidden { get; init; }
    }
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

    /// <summary>R29: why it is only to be looked at, and what to do; null: it may be started.</summary>
    public string? WhyNoStart => Cluster.Mode != ClusterMode.Observe ? null
        : $"{Cluster.Name} is in observe mode: it is planned for and never touched. Set its mode to step or run in the inventory, then plan again.";
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

    /// <summary>Title of the rollout that it is a part of; empty where that is not known.</summary>
    public string Rollout { get; init; } = "";

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
