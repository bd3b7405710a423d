using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Who must approve a start.</summary>
/// <param name="Count">How many different people, never the requester; 0 = nobody.</param>
/// <param name="Approvers">Ids of people or roles, or names of <see cref="ApprovalPolicy.Groups"/>; empty = whoever has the approver right.</param>
/// <param name="Confirm">What each must type (R17); null: a press is enough.</param>
public sealed record ApprovalNeed(int Count, ImmutableArray<string> Approvers, string? Confirm)
{
    public static readonly ApprovalNeed None = new(0, [], null);
}

/// <summary>A rule of one environment, cluster or workflow. What is null or empty is left to the less particular one.</summary>
public sealed record ApprovalRule
{
    public int? Count { get; init; }

    public ImmutableArray<string> Approvers { get; init; } = [];
}

/// <summary>Who approves what, per environment, cluster and workflow (R16). Destructive steps are never approved by their requester.</summary>
public sealed record ApprovalPolicy
{
    /// <value>Default: sandbox 1, staging 1, production 1, each only where a step takes a node down or destroys.</value>
    public ImmutableSortedDictionary<ClusterEnvironment, int> Starts { get; init; } = ImmutableSortedDictionary<ClusterEnvironment, int>.Empty
        .Add(ClusterEnvironment.Sandbox, 1).Add(ClusterEnvironment.Staging, 1).Add(ClusterEnvironment.Production, 1);

    /// <summary>Who may approve, per environment; none: whoever has the approver right.</summary>
    public ImmutableSortedDictionary<ClusterEnvironment, ImmutableArray<string>> Approvers { get; init; } =
        ImmutableSortedDictionary<ClusterEnvironment, ImmutableArray<string>>.Empty;

    /// <summary>Per workflow, by the name of its file; the most particular rule, so it decides. A cluster's own stands in the inventory.</summary>
    public ImmutableSortedDictionary<string, ApprovalRule> Workflows { get; init; } =
        ImmutableSortedDictionary<string, ApprovalRule>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Words that workflows and rules may use for ids of people and roles: ids stay, whatever people and roles are called.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Groups { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Ids or groups that may approve alone in need, with a reason; empty: nobody.</summary>
    public ImmutableArray<string> BreakGlass { get; init; } = [];

    /// <summary>Roles that are called when somebody does.</summary>
    public ImmutableArray<string> Owners { get; init; } = [];

    /// <value>Default 1 h: after it the plan is void and the lease free.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What the start of these steps needs. The larger number and the more particular list count.</summary>
    public ApprovalNeed For(Cluster cluster, string workflow, IEnumerable<PlanStep> steps)
    {
        var all = steps.ToArray();
        var rule = Workflows.GetValueOrDefault(workflow);
        var isDisruptive = all.Any(s => s.Direction == Direction.TakesDown || s.Risk == Risk.Destructive);
        var two = cluster.Environment == ClusterEnvironment.Production && all.Any(s => s.IsPointOfNoReturn && s.NeedsTwo);
        var count = isDisruptive ? rule?.Count ?? cluster.Approvals?.Count ?? Starts.GetValueOrDefault(cluster.Environment, 1) : rule?.Count ?? 0;
        var who = rule is { Approvers.IsEmpty: false } ? rule.Approvers
            : cluster.Approvals is { Approvers.IsEmpty: false } own ? own.Approvers
            : Approvers.GetValueOrDefault(cluster.Environment, []);
        count = two ? Math.Max(2, count) : count;
        return count == 0 ? ApprovalNeed.None : new ApprovalNeed(count, who, two ? cluster.Name : null);
    }

    /// <summary>The person is one of them, by an id or by a group of ids. A display name is whatever its owner likes, so none counts (R16).</summary>
    public bool IsAmong(Actor by, ImmutableArray<string> entries)
    {
        var ids = entries.SelectMany(e => Groups.TryGetValue(e, out var group) ? group : [e]).ToHashSet(StringComparer.Ordinal);
        return ids.Contains(by.Person.Id) || by.Roles.Any(ids.Contains);
    }
}
