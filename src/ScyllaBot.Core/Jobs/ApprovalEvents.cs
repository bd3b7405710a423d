using System.Text.Json.Serialization;

namespace ScyllaBot.Core.Jobs;

/// <summary>A question to people, bound to the plan's hash (R15). Its key names the step, or <c>start</c>.</summary>
public sealed record ApprovalAsked(
    DateTimeOffset At, string Key, string Message, ImmutableArray<string> Approvers, int Count, DateTimeOffset Expires, string PlanHash)
    : JobEvent(At)
{
    /// <summary>What an approver must type to approve (R17); null: a press is enough.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Confirm { get; init; }

    /// <summary>Somebody authorised may approve it alone (R16); null: nobody may.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? MayBreakGlass { get; init; }
}

public sealed record ApprovalGiven(DateTimeOffset At, string Key, Person By) : JobEvent(At);

public sealed record ApprovalRefused(DateTimeOffset At, string Key, Person By, string Why) : JobEvent(At);

public sealed record ApprovalExpired(DateTimeOffset At, string Key) : JobEvent(At);

/// <summary>A gate that the plan names was approved before it was asked, bound to the plan's hash (R16).</summary>
/// <param name="Path">Of the gate's step; for a gate that is asked per node: for all nodes of the plan.</param>
public sealed record ApprovedAhead(DateTimeOffset At, string Path, Person By, string PlanHash) : JobEvent(At);

/// <summary>One authorised person approved alone, with a reason (R16). The owners are called.</summary>
/// <param name="Key">Of the approval.</param>
/// <param name="Owners">Roles, as configured then.</param>
public sealed record GlassBroken(DateTimeOffset At, string Key, Person By, string Why, ImmutableArray<string> Owners) : JobEvent(At);
