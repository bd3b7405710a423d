using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Applies the node's whole Salt state. It may restart Scylla, so it takes the node down (R1).</summary>
[Tag("salt-highstate", "Apply Salt highstate", Direction.TakesDown, Risk.Disruptive, Interruptible.No)]
[Example("")]
public sealed record SaltHighstate : INodeTask
{
    // A first highstate installs packages and sets up disks.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(4);

    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var result = await context.RunAsync(["salt-call", "--out=json", "--retcode-passthrough", "state.highstate"], Patience, ct);
        if (result.Exit != 0)
        {
            // Some states were applied and some were not: only a human knows whether another go is safe.
            throw new UnrecoverableException($"{context.Node.Name}: highstate: exit {result.Exit}: {CommandOutput.Tail(result.Output)}");
        }
    }
}
