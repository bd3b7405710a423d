using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Every other node of the cluster runs this version: this one is the last. What it does next can not be undone (facts 4.5), so nothing that
/// goes back to another version may be done to it by itself.
/// </summary>
[Tag("others-run", "All other nodes run the version")]
[Example("version: 2026.2.6")]
public sealed record OthersRun : INodeCondition
{
    [Description("Scylla version without the build"), RegularExpression(UpgradePath.VersionPattern)]
    public required string Version { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var known = context with { Held = () => [context.Node.Name] };
        var versions = await RunningVersions.ReadAsync(known, ct);
        var other = versions.Where(v => v.Key != Version).SelectMany(v => v, (v, name) => $"{name} runs {v.Key}").FirstOrDefault();
        return other is null ? null : $"{other}, not {Version}";
    }
}
