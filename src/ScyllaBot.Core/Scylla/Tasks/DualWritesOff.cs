using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Ends what the data service sends to this cluster: mirrored writes and copies. Reads are <see cref="CompareReadsOff"/>'s. Needs nothing to hold, for it only
/// takes load away; the source's own clients do not notice it.
/// </summary>
[Tag("dual-writes-off", "Switch dual writes off", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.DualWrites)]
[Example("")]
public sealed record DualWritesOff : IClusterTask
{
    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = Mirror.Of(context);
        var before = await mirror.StatusAsync(ct);
        if (before.Writes.State == MirrorState.Off && before.Copy is not { State: CopyState.Running })
        {
            context.Log.Write("Nothing is sent here");
            await context.Debts.PayAsync(DebtKind.DualWrites, "", ct);
            return;
        }

        await mirror.StopWritesAsync(ct);
        await mirror.StopCopiesAsync(ct);
        var after = await mirror.StatusAsync(ct);
        if (after.Writes.State == MirrorState.On || after.Copy is { State: CopyState.Running })
        {
            throw new RecoverableException($"the data service still {(after.Writes.State == MirrorState.On ? "mirrors writes" : "copies")} to {context.Cluster.Name}");
        }

        context.Log.Write($"Dual writes are off: {after.Writes.Written} were mirrored, {after.Writes.Failed} more failed");
        await context.Debts.PayAsync(DebtKind.DualWrites, "", ct);
    }
}
