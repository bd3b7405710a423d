using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;
using ScyllaBot.Transports;

namespace ScyllaBot.Doctor;

/// <summary>Every secret that a cluster's entry refers to can be had, and its file is not for everybody.</summary>
internal sealed class SecretsCheck : IClusterCheck
{
    public string Id => "secrets";

    public bool Fits(Cluster cluster) => Of(cluster).Any();

    public Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct)
    {
        var all = Of(cluster).Distinct().ToList();
        var wrong = all.Select(s => Secrets.WhyNot(s)).OfType<string>()
            .Select(why => DoctorFinding.Broken(Id, why, "put the secret there, readable by the bot's user only (chmod 0600), or correct the inventory")).ToList();
        return Task.FromResult<IEnumerable<DoctorFinding>>(wrong.Count > 0 ? wrong : [DoctorFinding.Ok(Id, $"all {all.Count} can be had")]);
    }

    private static IEnumerable<SecretRef> Of(Cluster cluster) =>
    [
        .. new[] { cluster.Prometheus, cluster.Alertmanager, cluster.DataService }.OfType<ServiceEndpoint>().SelectMany(s => s.Secrets),
        .. new[] { cluster.Salt?.Password, cluster.Cql.Password, cluster.Nodes.Select(n => n.Access?.Agent.Token).FirstOrDefault(t => t is not null) }.OfType<SecretRef>(),
    ];
}
