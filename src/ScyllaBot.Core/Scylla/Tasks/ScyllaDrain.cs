using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Stops CQL, announces the shutdown, flushes (facts 1.10). The way back is a process restart.</summary>
[Tag("scylla-drain", "Drain Scylla node", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
public sealed record ScyllaDrain : INodeTask
{
    // As the Scylla operator does: a drain that takes longer hangs (facts 1.10).
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (await context.Scylla.OperationModeAsync(ct) is "DRAINED")
        {
            context.Log.Write("Already drained");
            return;
        }

        await context.Scylla.DrainAsync(Patience, ct);

        // The answer alone proves nothing; GET drain always says "Drained" (facts 1.9, 7.3).
        var mode = await context.Scylla.OperationModeAsync(ct);
        if (mode is not "DRAINED")
        {
            throw new UnrecoverableException($"{context.Node.Name}: drain answered, but the mode is {mode ?? "unknown"}");
        }

        context.Log.Write("Drain completed successfully");
    }
}
