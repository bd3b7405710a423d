using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Makes a unit start at every boot. It is not started now.</summary>
[Undo("disable the unit again")]
[Tag("systemd-enable-service", "Enable systemd service", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Example("service: scylla-server")]
public sealed record SystemdEnableService : INodeTask
{
    [Description("Unit to enable, without the .service suffix"), RegularExpression(Systemd.UnitPattern)]
    public required string Service { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Systemd.EnableAsync(context, Service, on: true, ct);
}
