using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Ends our own silences on one node, of whichever job. What people have silenced stays silenced.</summary>
[Tag("unsilence-alerts", "End our silences", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.Silence)]
[Example("")]
public sealed record UnsilenceAlerts : INodeTask
{
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await AlertSilences.ExpireAsync(context, ct);
        await context.Debts.PayAsync(DebtKind.Silence, context.Node.Name, ct);
    }
}
