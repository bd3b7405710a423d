using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Clusters;

internal sealed record ApprovalsEntry
{
    /// <value>Default: as the settings say for its environment.</value>
    [Description("How many people approve the start of what takes nodes down"), Range(0, 10)]
    public int? Count { get; init; }

    [Description("Ids of people or roles, or groups of the settings; none = whoever has the approver right")]
    public IReadOnlyList<string>? Approvers { get; init; }

    public ApprovalRule ToRule() => new() { Count = Count, Approvers = [.. Approvers ?? []] };
}
