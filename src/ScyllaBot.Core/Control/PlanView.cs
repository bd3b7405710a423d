using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Control;

/// <summary>A plan: what would happen, in which order, and why it is safe (R15). Nothing was changed by making it.</summary>
public sealed record PlanView
{
    /// <summary>What <c>start</c> takes; it ends a quarter of an hour after it was made.</summary>
    public required string Id { get; init; }

    /// <summary>What <c>start</c> takes besides: so nobody starts what they have not seen.</summary>
    public required string Hash { get; init; }

    public required string Title { get; init; }

    public required string Workflow { get; init; }

    public required string Cluster { get; init; }

    public required ClusterEnvironment Environment { get; init; }

    public required ClusterMode Mode { get; init; }

    public required string Reason { get; init; }

    public required ImmutableSortedDictionary<string, string> Variables { get; init; }

    public required ImmutableArray<PlanTarget> Targets { get; init; }

    public required ImmutableArray<PlanWaveView> Waves { get; init; }

    public required ImmutableArray<PlanStepView> Steps { get; init; }

    /// <summary>The availability verdict, a sentence each.</summary>
    public required ImmutableArray<string> Verdict { get; init; }

    /// <summary>What does not hold right now.</summary>
    public required ImmutableArray<string> Concerns { get; init; }

    /// <summary>What would be waited for if it began now.</summary>
    public required ImmutableArray<string> Waits { get; init; }

    public required ImmutableArray<string> Debts { get; init; }

    /// <summary>Who will be asked what.</summary>
    public required ImmutableArray<string> Approvals { get; init; }

    /// <summary>Limit, stop_after, known_down and what they leave, a sentence each.</summary>
    public required ImmutableArray<string> Scope { get; init; }

    /// <summary>How many must approve the start.</summary>
    public required int StartApprovals { get; init; }

    /// <summary>Why <c>start</c> would refuse it whoever asks, and what to do (R29); null: it may be started.</summary>
    public string? WhyNoStart { get; init; }

    /// <summary>What each of them must type (R17); null: nothing. Whoever starts it should type it too.</summary>
    public string? Confirm { get; init; }

    /// <summary>It holds a step that can not be undone or destroys: ask before you start it.</summary>
    public required bool IsDestructive { get; init; }

    /// <summary>How long it takes, by earlier runs.</summary>
    public required string Expected { get; init; }
}

public sealed record PlanTarget(string Node, string Address, string HostId, string Zone, string Version);

/// <param name="Name">Zone, with its batch where there are batches.</param>
/// <param name="Limit">Most at work at once.</param>
public sealed record PlanWaveView(string Name, ImmutableArray<string> Nodes, int Limit);

/// <param name="Undo">How it is undone, or why it is a point of no return; empty where nothing is to be undone.</param>
public sealed record PlanStepView(
    string Path, string Title, string Detail, Direction Direction, Risk Risk, bool PerNode, string Undo, bool IsPointOfNoReturn);
