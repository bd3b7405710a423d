using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Scylla Manager answers and knows the cluster by the name or id that the inventory gives.</summary>
internal sealed class ManagerCheck : IClusterCheck
{
    private static readonly StepStamp Reader = new("doctor", "-", 0, 0);

    public string Id => "manager";

    public bool Fits(Cluster cluster) => cluster.Manager is not null && !cluster.IsUnborn;

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct) =>
        AskedBeside.AskAsync(Id, "manager", cluster.Manager!.Url, async () =>
        {
            var manager = new ScyllaManager(cluster.Manager!, @case.Http, Reader);
            var known = await manager.ClustersAsync(ct);
            var name = cluster.Manager!.ClusterName;
            return
            [
                known.Any(c => c.Name == name || string.Equals(c.Id.ToString(), name, StringComparison.OrdinalIgnoreCase))
                    ? DoctorFinding.Ok(Id, $"{await manager.VersionAsync(ct)}, knows the cluster")
                    : DoctorFinding.Broken(
                        Id, $"Scylla Manager knows no cluster {name}; it knows {string.Join(", ", known.Select(c => c.Name).DefaultIfEmpty("none"))}",
                        "set manager.cluster in the inventory to its name or id there, or add the cluster (sctool cluster add)"),
            ];
        });
}
