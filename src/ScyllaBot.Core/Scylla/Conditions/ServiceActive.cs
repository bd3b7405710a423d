using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>systemd says that the unit is active. Of Scylla that means that it runs, not that it serves (facts 5.4).</summary>
[Tag("service-active", "Service is active")]
[Example("service: scylla-manager-agent")]
public sealed record ServiceActive : INodeCondition
{
    [Description("Unit, without the .service suffix"), RegularExpression(Systemd.UnitPattern)]
    public required string Service { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct) =>
        await Systemd.StateAsync(context, Service, ct) is var state && state == "active"
            ? null
            : $"{Service} is {CommandOutput.Tail(state)} on {context.Node.Name}";
}
