using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Stops Scylla. Its SIGTERM drains by itself (facts 1.10), so this is as disruptive without a drain before it.</summary>
[Tag("systemd-stop-scylla-server", "Stop scylla-server", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
public sealed record SystemdStopScyllaServer : INodeTask
{
    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Systemd.StopAsync(context, "scylla-server", ct);
}
