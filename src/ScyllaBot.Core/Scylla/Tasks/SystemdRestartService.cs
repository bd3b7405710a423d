using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Restarts a unit, once for each attempt (R12). Done means that it runs, not that Scylla serves: wait for conditions next.</summary>
[Undo("nothing to undo: it runs again")]
[Tag("systemd-restart-service", "Restart systemd service", Direction.TakesDown, Risk.Disruptive, Interruptible.AtCheck)]
[Example("service: scylla-manager-agent\nrestarts_scylla: false")]
public sealed record SystemdRestartService : INodeTask, IMayRestartScylla
{
    [Description("Unit to restart, without the .service suffix"), RegularExpression(Systemd.UnitPattern)]
    public required string Service { get; init; }

    /// <value>Default true: what Scylla needs of other units is not known here.</value>
    [Description("False: Scylla goes on as it is, and a restart of it halts the job")]
    public bool RestartsScylla { get; init; } = true;

    public IReadOnlyList<INodeCondition> Preconditions => RestartsScylla ? [new QuorumSafe(), new ClusterNormal()] : [];

    public Task ExecuteAsync(NodeContext context, CancellationToken ct) =>
        ScyllaRun.KeptAsync(context, this, () => Systemd.RestartAsync(context, Service, ct), ct);
}
