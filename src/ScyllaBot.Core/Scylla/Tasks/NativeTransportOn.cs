using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Opens the CQL port again. It brings no drained node back: that takes a restart (facts 1.10).</summary>
[Tag("native-transport-on", "Open CQL", Direction.BringsUp, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.NativeTransport)]
[Example("")]
public sealed record NativeTransportOn : INodeTask
{
    // None: bringing a node up never needs quorum (R4).
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (await context.Scylla.OperationModeAsync(ct) is var mode && mode is "DRAINED" or "DRAINING" or "DECOMMISSIONED")
        {
            throw new UnrecoverableException($"{context.Node.Name} is {mode}: only a new process serves CQL again");
        }

        if (await context.Scylla.NativeTransportAsync(ct) == true)
        {
            context.Log.Write("CQL is open already");
        }
        else
        {
            await context.Scylla.SetNativeTransportAsync(on: true, ct);
            if (await context.Scylla.NativeTransportAsync(ct) != true)
            {
                throw new RecoverableException($"{context.Node.Name}: CQL was told to open and does not say that it is open");
            }
        }

        await context.Debts.PayAsync(DebtKind.NativeTransport, context.Node.Name, ct);
    }
}
