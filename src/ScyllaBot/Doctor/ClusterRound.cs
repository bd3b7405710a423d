using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>All checks of one cluster: node by node, several at once, then what is about all of them.</summary>
/// <param name="case">How to ask.</param>
/// <param name="places">Nodes that are looked at at the same time, of all clusters.</param>
/// <param name="done">Called after each node.</param>
internal sealed class ClusterRound(DoctorCase @case, SemaphoreSlim places, Action done)
{
    private static readonly TimeSpan NodeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ClusterLimit = TimeSpan.FromSeconds(90);

    // In this order: what comes later may need what comes before.
    private static readonly INodeCheck[] NodeChecks =
        [new ReachCheck(), new NodeProgramCheck(), new SudoCheck(), new RestCheck(), new MetricsCheck(), new CqlCheck(), new ClockCheck()];

    private static readonly IClusterCheck[] ClusterChecks =
    [
        new SecretsCheck(), new RingCheck(), new PrometheusCheck(), new AlertmanagerCheck(), new ManagerCheck(), new SaltCheck(), new AnsibleCheck(), new ProvisionerCheck(),
        new DataServiceCheck(),
    ];

    public async Task<ImmutableArray<DoctorFinding>> LookAsync(Cluster cluster, CancellationToken ct)
    {
        var nodes = (await Task.WhenAll(cluster.Nodes.Select(n => NodeAsync(cluster, n, ct)))).SelectMany(f => f).ToList();
        var whole = await Task.WhenAll(ClusterChecks.Where(c => c.Fits(cluster))
            .Select(c => CheckTime.WithinAsync(c.Id, ClusterLimit, limited => c.LookAsync(@case, cluster, nodes, limited), ct)));
        return [.. whole.SelectMany(f => f).Concat(InOrder(nodes)).Select(f => f with { Cluster = cluster.Name })];
    }

    /// <summary>By check, then as the inventory lists the nodes: so equal findings stand together.</summary>
    private static IEnumerable<DoctorFinding> InOrder(List<DoctorFinding> nodes) =>
        nodes.OrderBy(f => Array.FindIndex(NodeChecks, c => c.Id == f.Check)).ToList();

    private async Task<List<DoctorFinding>> NodeAsync(Cluster cluster, Node node, CancellationToken ct)
    {
        await places.WaitAsync(ct);
        try
        {
            var found = new List<DoctorFinding>();
            foreach (var check in NodeChecks.Where(c => c.Fits(cluster, node)))
            {
                found.AddRange(Missing(check.NeedOf(node), found) is { } need
                    ? [DoctorFinding.Skipped(check.Id, need)]
                    : await CheckTime.WithinAsync(check.Id, NodeLimit, async limited => [await check.LookAsync(@case, cluster, node, limited)], ct));
            }

            return [.. found.Select(f => f with { Node = node.Name })];
        }
        finally
        {
            places.Release();
            done();
        }
    }

    private static string? Missing(NodeNeed need, List<DoctorFinding> before) =>
        need == NodeNeed.Reach && before.Exists(f => f is { Check: "reach", Level: DoctorLevel.Broken }) ? "commands do not reach it" : null;
}
