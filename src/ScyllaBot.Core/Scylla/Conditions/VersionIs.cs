using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The node runs this Scylla version, compared up to the first dash; not Cassandra's, which another path tells (facts 7.29).</summary>
[Tag("version-is", "Version is as wanted")]
[Example("version: 2026.2.5")]
public sealed record VersionIs : INodeCondition
{
    [Description("Scylla version without the build, such as 2026.2.5"), RegularExpression(UpgradePath.VersionPattern)]
    public required string Version { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var running = (await context.Scylla.VersionAsync(ct)).Split('-')[0];
        return string.Equals(running, Version, StringComparison.Ordinal) ? null : $"{context.Node.Name} runs {running}, not {Version}";
    }
}
