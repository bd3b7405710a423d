namespace ScyllaBot.Core.Jobs;

/// <summary>A gate that the plan names was approved before it was asked, bound to the plan's hash (R16).</summary>
/// <param name="Path">Of the gate's step; for a gate that is asked per node: for all nodes of the plan.</param>
public sealed record ApprovedAhead(DateTimeOffset At, string Path, Person By, string PlanHash) : JobEvent(At);

/// <summary>One authorised person approved alone, with a reason (R16). The owners are called.</summary>
/// <param name="Key">Of the approval.</param>
/// <param name="Owners">Roles, as configured then.</param>
public sealed record GlassBroken(DateTimeOffset At, string Key, Person By, string Why, ImmutableArray<string> Owners) : JobEvent(At);
