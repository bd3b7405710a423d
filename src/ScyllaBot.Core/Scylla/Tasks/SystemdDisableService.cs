using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Keeps a unit from starting at boot, so that no reboot brings it back under maintenance (facts 7.46). It is not stopped now.</summary>
[Undo("enable the unit again")]
[Tag("systemd-disable-service", "Disable systemd service", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("service: scylla-server")]
public sealed record SystemdDisableService : INodeTask
{
    [Description("Unit to disable, without the .service suffix"), RegularExpression(Systemd.UnitPattern)]
    public required string Service { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await Systemd.EnableAsync(context, Service, on: false, ct);
        if (Service == Systemd.Scylla)
        {
            // Whoever disables it means it to stay stopped: a timer of ours starts a disabled unit as well (R10).
            await RescueTimer.CancelAsync(context, ct);
        }
    }
}
