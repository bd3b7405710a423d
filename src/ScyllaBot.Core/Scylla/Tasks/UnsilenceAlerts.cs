using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Ends our own silences on one node, of whichever job. What people have silenced stays silenced.</summary>
[Tag("unsilence-alerts", "End our silences", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("")]
public sealed record UnsilenceAlerts : INodeTask
{
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => AlertSilences.ExpireAsync(context, ct);
}
