using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// At least one node still runs the old version, so the new one's features are not switched on yet and there is a way back (facts 4.5, 7.28). The
/// moment the last node is up on the new version there is none but a backup.
/// </summary>
[Tag("rollback-open", "There is still a way back")]
[Example("to: 2026.2.5")]
public sealed record RollbackOpen : IClusterCondition
{
    [Description("Scylla version to go back to, without the build"), RegularExpression(UpgradePath.VersionPattern)]
    public required string To { get; init; }

    /// <exception cref="UnrecoverableException">Nobody runs it any more.</exception>
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var versions = await RunningVersions.ReadAsync(context, ct);
        return versions.Contains(To) ? null : throw new UnrecoverableException(
            $"no node runs {To} any more ({RunningVersions.Text(versions)}): the new version's features are switched on, and only a backup leads back");
    }
}
