using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Starts a unit. Done means that the process runs, not that Scylla serves (facts 5.4): wait for conditions next.</summary>
[Undo("stop the unit again")]
[Tag("systemd-start-service", "Start systemd service", Direction.BringsUp, Risk.Low, Interruptible.AtCheck)]
[Example("service: scylla-server")]
public sealed record SystemdStartService : INodeTask
{
    [Description("Unit to start, without the .service suffix"), RegularExpression("[A-Za-z0-9@_.][A-Za-z0-9@_.-]*")]
    public required string Service { get; init; }

    // None: bringing a node up never needs quorum (R4).
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) => Systemd.StartAsync(context, Service, ct);
}
