using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Stops any unit. Which ones Scylla needs is not known here, so each counts as taking the node down (R1).</summary>
[Undo("start the unit again")]
[Tag("systemd-stop-service", "Stop systemd service", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
[Example("service: scylla-manager-agent")]
public sealed record SystemdStopService : INodeTask
{
    [Description("Unit to stop, without the .service suffix"), RegularExpression("[A-Za-z0-9@_.][A-Za-z0-9@_.-]*")]
    public required string Service { get; init; }

    public IReadOnlyList<INodeCondition> Preconditions => [new QuorumSafe(), new ClusterNormal()];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Systemd.StopAsync(context, Service, ct);
}
