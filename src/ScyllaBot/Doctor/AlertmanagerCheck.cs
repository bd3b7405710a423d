using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Doctor;

/// <summary>Alertmanager answers.</summary>
internal sealed class AlertmanagerCheck : IClusterCheck
{
    public string Id => "alertmanager";

    public bool Fits(Cluster cluster) => cluster.Alertmanager is not null;

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct)
    {
        try
        {
            await new Alertmanager(cluster.Alertmanager!, @case.Http).SilencesAsync(ct);
            return [DoctorFinding.Ok(Id, "answers")];
        }
        catch (Exception no) when (no is RecoverableException or UnrecoverableException)
        {
            return [AskedBeside.Broken(Id, "alertmanager", cluster.Alertmanager!.Url, no)];
        }
    }
}
