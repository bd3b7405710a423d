using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Makes systemd read its unit files anew: after a package or a unit file has changed, before the start. No unit is touched.</summary>
[Tag("systemd-daemon-reload", "Reload systemd's unit files", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("")]
public sealed record SystemdDaemonReload : INodeTask
{
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Systemd.DaemonReloadAsync(context, ct);
}
