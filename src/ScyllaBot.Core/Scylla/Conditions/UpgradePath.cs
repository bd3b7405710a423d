using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// From what the nodes run there is one allowed step to the wanted version, and no third version is about (facts 4.5, 7.28): features are switched
/// on release by release, so a release left out can not be made up for.
/// </summary>
[Tag("upgrade-path", "Upgrade path is allowed")]
[Example("to: 2026.2.6")]
public sealed record UpgradePath : IClusterCondition
{
    [Description("Scylla version wanted, without the build, such as 2026.2.6"), RegularExpression(VersionPattern)]
    public required string To { get; init; }

    /// <value>Default empty.</value>
    [Description("Jumps over a release that the release notes allow, each such as 2025.1-2026.1"), RegularExpression(@"[0-9]{1,4}\.[0-9]{1,3}-[0-9]{1,4}\.[0-9]{1,3}")]
    public IReadOnlyList<string> Also { get; init; } = [];

    internal const string VersionPattern = "[0-9]{1,4}\\.[0-9]{1,3}(\\.[0-9]{1,3})?([~.]?rc[0-9]{1,2})?";

    /// <exception cref="UnrecoverableException">No waiting makes a path.</exception>
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var versions = await RunningVersions.ReadAsync(context, ct);
        var others = versions.Where(v => v.Key != To).Select(v => v.Key).Order(StringComparer.Ordinal).ToArray();
        if (others.Length > 1)
        {
            throw new UnrecoverableException($"the nodes run {RunningVersions.Text(versions)}: finish the upgrade that is under way before another one");
        }

        if (others is not [var from])
        {
            return null;
        }

        if (ScyllaVersion.Parse(from) is not { } a || ScyllaVersion.Parse(To) is not { } b)
        {
            throw new UnrecoverableException($"{from} and {To} can not be compared");
        }

        return UpgradeSteps.WhyNot(a, b, Also) is { } why ? throw new UnrecoverableException($"no way from {from} to {To}: {why}") : null;
    }
}
