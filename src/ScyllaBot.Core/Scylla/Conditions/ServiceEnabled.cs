using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The unit starts by itself at the next boot: an upgrade of the system may have switched it off, and nobody notices until a power cut (facts 7.46).</summary>
[Tag("service-enabled", "Service is enabled")]
[Example("service: scylla-server")]
public sealed record ServiceEnabled : INodeCondition
{
    [Description("Unit, without the .service suffix"), RegularExpression(Systemd.UnitPattern)]
    public required string Service { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct) =>
        await Systemd.EnabledAsync(context, Service, ct) is var state && state == "enabled"
            ? null
            : $"{Service} is {CommandOutput.Tail(state)} on {context.Node.Name}: it would not start at a boot";
}
