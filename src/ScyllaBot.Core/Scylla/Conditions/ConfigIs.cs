using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The running Scylla goes by these values: a file that says so proves nothing (facts 4.2).</summary>
[Tag("config-is", "Options have these values")]
[Example("settings:\n  - hinted_handoff_enabled=true")]
public sealed record ConfigIs : INodeCondition
{
    [Description("Options and what they must be, as name=value with the value in YAML"), MinLength(1), RegularExpression(ConfigSetting.Pattern)]
    public required IReadOnlyList<string> Settings { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct) =>
        await ConfigOptions.DifferentAsync(context, ConfigSetting.ParseAll(Settings), ct) is { IsEmpty: false } different
            ? string.Join("; ", different)
            : null;
}
