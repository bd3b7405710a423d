using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Prometheus answers, and has fresh series of every node: a node without any looks well to every query.</summary>
internal sealed class PrometheusCheck : IClusterCheck
{
    private const string Job = "scylla";

    public string Id => "prometheus";

    public bool Fits(Cluster cluster) => cluster.Prometheus is not null && !cluster.IsUnborn;

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct) =>
        AskedBeside.AskAsync(Id, "prometheus", cluster.Prometheus!.Url, async () =>
        {
            var stale = await new Prometheus(cluster.Prometheus!, @case.Http).StaleAsync(Job, cluster.Members, ct);
            return stale.IsEmpty
                ? [DoctorFinding.Ok(Id, $"has fresh series of all {cluster.Members.Count()} nodes")]
                : stale.Select(s => DoctorFinding.Broken(Id, Plain(s.Node, s.Why), $"add the node to the targets of job {Job}, or correct matcher in the inventory; then look at Prometheus' page Status, Targets")
                    with { Node = s.Node.Name });
        });

    private static string Plain(Node node, string why) => why.Replace($" ({node.Address})", "", StringComparison.Ordinal).Replace(node.Name, "it", StringComparison.Ordinal);
}
