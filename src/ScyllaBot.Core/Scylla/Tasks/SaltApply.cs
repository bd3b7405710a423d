using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Applies one Salt state to the node. What is in it is not known here, so it counts as taking the node down (R1).</summary>
[Undo("apply the states of before")]
[Tag("salt-apply", "Apply a Salt state", Direction.TakesDown, Risk.Disruptive, Interruptible.No)]
[Example("state: scylla.sysctl")]
public sealed record SaltApply : INodeTask, IMayRestartScylla
{
    [Description("State to apply, such as scylla.sysctl"), RegularExpression("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")]
    public required string State { get; init; }

    /// <value>Default node.</value>
    [Description("Whether salt-call on the node or salt-api applies it")]
    public SaltVia Via { get; init; } = SaltVia.Node;

    /// <value>Default true (R1).</value>
    [Description("False: Scylla goes on as it is, and a restart of it halts the job")]
    public bool RestartsScylla { get; init; } = true;

    public IReadOnlyList<INodeCondition> Preconditions => RestartsScylla ? [new QuorumSafe(), new ClusterNormal()] : [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => ScyllaRun.KeptAsync(context, this, () => Run.ApplyAsync(context, ct), ct);

    /// <summary>For plans: what it would change now (test mode). Changes nothing.</summary>
    public Task<SaltStates> DiffAsync(NodeContext context, CancellationToken ct) => Run.TestAsync(context, ct);

    private SaltRun Run => new("state.apply", State, Via);
}
