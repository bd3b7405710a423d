using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Closes the CQL port; the node stays in the ring and peers show it as up (facts 5.2, 7.11).</summary>
[Undo("native-transport-on")]
[Tag("native-transport-off", "Close CQL", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
[Owes(DebtKind.NativeTransport)]
[Example("")]
public sealed record NativeTransportOff : INodeTask
{
    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (await context.Scylla.NativeTransportAsync(ct) == false)
        {
            context.Log.Write("CQL is closed already");
            return;
        }

        await context.Debts.OpenAsync(new Owing(
            DebtKind.NativeTransport, context.Node.Name, $"{context.Node.Name} serves no clients: CQL is closed", TimeSpan.FromHours(1),
            DebtUndo.Of("native-transport-on", context.Node.Name, byItself: true)), ct);
        await context.Scylla.SetNativeTransportAsync(on: false, ct);
        if (await context.Scylla.NativeTransportAsync(ct) != false)
        {
            throw new RecoverableException($"{context.Node.Name}: CQL was told to close and does not say that it is closed");
        }
    }
}
