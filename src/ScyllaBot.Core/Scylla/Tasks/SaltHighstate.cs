using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Applies the node's whole Salt state. It may restart Scylla, so it takes the node down (R1).</summary>
[Undo("apply the states of before")]
[Tag("salt-highstate", "Apply Salt highstate", Direction.TakesDown, Risk.Disruptive, Interruptible.No)]
[Example("via: node")]
public sealed record SaltHighstate : INodeTask, IMayRestartScylla
{
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

    private SaltRun Run => new("state.highstate", null, Via);
}
