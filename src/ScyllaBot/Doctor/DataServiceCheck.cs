using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>The service that mirrors writes answers, and secrets go to it over https only.</summary>
internal sealed class DataServiceCheck : IClusterCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Id => "data-service";

    public bool Fits(Cluster cluster) => cluster.DataService is not null;

    public async Task<IEnumerable<DoctorFinding>> LookAsync(DoctorCase @case, Cluster cluster, IReadOnlyList<DoctorFinding> nodes, CancellationToken ct)
    {
        var service = cluster.DataService!;
        if (!service.Secrets.IsEmpty && service.Url.Scheme != Uri.UriSchemeHttps && !service.Url.IsLoopback)
        {
            return [DoctorFinding.Broken(Id, $"{service.Url}: its secret would go over the network in clear text", "give data_service an https address")];
        }

        try
        {
            var address = new Uri($"{service.Url.AbsoluteUri.TrimEnd('/')}/v1/mirrors/{Uri.EscapeDataString(cluster.Name)}");
            var call = new HttpCall("GET", address, Patience) { Headers = [.. service.Headers], Secrets = service.Secrets };
            var answer = await @case.Http.SendAsync(call, ct);
            return
            [
                answer.Status switch
                {
                    200 => DoctorFinding.Ok(Id, "answers"),
                    404 => DoctorFinding.Warning(Id, $"{service.Url} knows no mirror of this cluster (404)", "correct url of data_service, or let the service know the cluster; docs/shadow-cluster.md"),
                    var other => DoctorFinding.Broken(Id, $"{service.Url} answers {other}", "look at the service's own log, and at headers of data_service"),
                },
            ];
        }
        catch (ExchangeException broken)
        {
            return [DoctorFinding.Broken(Id, $"{service.Url}: {broken.Message}", "look whether it runs and this host reaches it; correct url of data_service in the inventory")];
        }
    }
}
