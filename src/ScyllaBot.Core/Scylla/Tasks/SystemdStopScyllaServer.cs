using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Stops Scylla and waits out systemd's 900 s. Its SIGTERM drains by itself (facts 1.10), so this is as disruptive without a drain before it.
/// Before the stop a timer on the node is armed that starts Scylla should nobody else (R10); starting Scylla takes it away.
/// </summary>
[Undo("start scylla-server (restore does it)")]
[Tag("systemd-stop-scylla-server", "Stop scylla-server", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
[Owes(DebtKind.RescueTimer)]
[Example("restart_after_seconds: 1800")]
public sealed record SystemdStopScyllaServer : INodeTask
{
    /// <value>Default 1800 s; 0 = off, as it must be where packages or disks change while Scylla is stopped (R10).</value>
    [Description("After how long the node starts Scylla by itself, should the bot be gone; 0 = never"), Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RestartAfter { get; init; } = TimeSpan.FromSeconds(1800);

    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        // A node that has left the ring is not to come back by itself.
        if (RestartAfter > TimeSpan.Zero && await context.Scylla.OperationModeAsync(ct) is not "DECOMMISSIONED")
        {
            await RescueTimer.ArmAsync(context, RestartAfter, ct);
        }
        else
        {
            await RescueTimer.CancelAsync(context, ct);
        }

        await Systemd.StopAsync(context, Systemd.Scylla, ct);
    }
}
