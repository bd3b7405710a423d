using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Alertmanager answers.</summary>
internal sealed class AlertmanagerCheck : IClusterCheck
{
    public string Id => "alertmanager";

    public bool Fits(Cluster cluster) => cluster.Alertmanager is not null;

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct) =>
        AskedBeside.AskAsync(Id, "alertmanager", cluster.Alertmanager!.Url, async () =>
        {
            await new Alertmanager(cluster.Alertmanager!, @case.Http).SilencesAsync(ct);
            return [DoctorFinding.Ok(Id, "answers")];
        });
}
