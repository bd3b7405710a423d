namespace ScyllaBot.Core.Jobs;

/// <summary>A human takes over (R19): to the safe point, then nothing of the job has side effects.</summary>
public sealed record TakenOver(DateTimeOffset At, Person By, string Why) : JobEvent(At);

/// <summary>The safe point of a takeover: how each target stood when the job let go.</summary>
public sealed record HandsOff(DateTimeOffset At, ImmutableArray<NodeSeen> Nodes) : JobEvent(At);

/// <summary>It is still worked on by hand: people are reminded (R19).</summary>
public sealed record HandReminded(DateTimeOffset At) : JobEvent(At);

/// <summary>The job goes on as a new plan; approvals of steps not begun are void (R19, R15).</summary>
/// <param name="PlanHash">Of the new plan.</param>
/// <param name="Nodes">Node → <c>done</c>, <c>redo</c> or <c>skip</c>; whoever is not named goes on where it was.</param>
public sealed record HandedBack(DateTimeOffset At, Person By, string PlanHash, ImmutableSortedDictionary<string, string> Nodes) : JobEvent(At)
{
    /// <summary>What the new plan means (R15); null: as before.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public PlanMeaning? Meant { get; init; }
}

/// <summary>A node at one moment: what a look at it later is compared with. A null could not be read then.</summary>
/// <param name="Generation">Of its process.</param>
/// <param name="Config">Fingerprint of its scylla.yaml.</param>
public sealed record NodeSeen(string Node, string? Generation, string? Version, string? Config);

/// <summary>What becomes of a node at handback.</summary>
public static class HandbackChoice
{
    /// <summary>Its remaining steps count as done.</summary>
    public const string Done = "done";

    /// <summary>Its steps begin anew.</summary>
    public const string Redo = "redo";

    /// <summary>Its remaining steps are dropped.</summary>
    public const string Skip = "skip";

    public static bool IsKnown(string choice) => choice is Done or Redo or Skip;
}
