using System.ComponentModel.DataAnnotations;

namespace ScyllaBot;

/// <summary>Who approves the start of what takes nodes down, per environment and per workflow; a cluster's own rule stands in the inventory (R16).</summary>
internal sealed record ApprovalSettings
{
    [Range(0, 10)]
    public int Sandbox { get; init; } = 1;

    [Range(0, 10)]
    public int Staging { get; init; } = 1;

    [Range(1, 10)]
    public int Production { get; init; } = 1;

    [Range(1, 10_080)]
    public int PatienceMinutes { get; init; } = 60;

    /// <summary>Environment → ids of people or roles, or names of <see cref="Groups"/>; none: whoever has the approver right.</summary>
    public Dictionary<string, string[]>? Approvers { get; init; }

    /// <summary>Workflow, by the name of its file without .yaml → its rule, which goes before the cluster's and the environment's.</summary>
    public Dictionary<string, WorkflowApprovalSettings>? Workflows { get; init; }

    /// <summary>Word → ids of people and roles: what <c>approvers</c> of workflows may say. Names of people and roles change hands, ids do not.</summary>
    public Dictionary<string, string[]>? Groups { get; init; }

    /// <summary>Ids or groups that may approve alone in need, with a reason. None: nobody may.</summary>
    public string[]? BreakGlass { get; init; }

    /// <summary>Roles that are called when somebody does: ids, or their names.</summary>
    public string[]? Owners { get; init; }
}

internal sealed record WorkflowApprovalSettings
{
    [Range(0, 10)]
    public int? Count { get; init; }

    public string[]? Approvers { get; init; }
}
