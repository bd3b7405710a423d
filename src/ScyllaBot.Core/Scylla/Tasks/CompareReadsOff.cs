using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Ends <see cref="CompareReads"/>. Needs nothing to hold, for it only takes load away.</summary>
[Tag("compare-reads-off", "Stop comparing reads", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.ComparedReads)]
[Example("")]
public sealed record CompareReadsOff : IClusterTask
{
    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var mirror = Mirror.Of(context);
        if ((await mirror.StatusAsync(ct)).Reads.State == MirrorState.Off)
        {
            context.Log.Write("No reads are compared");
            await context.Debts.PayAsync(DebtKind.ComparedReads, "", ct);
            return;
        }

        await mirror.StopReadsAsync(ct);
        if ((await mirror.StatusAsync(ct)).Reads.State == MirrorState.On)
        {
            throw new RecoverableException($"the data service still reads from {context.Cluster.Name}");
        }

        context.Log.Write("Reads are compared no longer");
        await context.Debts.PayAsync(DebtKind.ComparedReads, "", ct);
    }
}
