using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>The node tells its own metrics, which health checks read.</summary>
internal sealed class MetricsCheck : INodeCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Id => "metrics";

    public bool Fits(Cluster cluster, Node node) => node.IsInRing;

    public NodeNeed NeedOf(Node node) => node.Access?.Transport is NodeTransport.Ssh or NodeTransport.SshExec ? NodeNeed.Reach : NodeNeed.Nothing;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            var answer = await @case.Http.SendAsync(new HttpCall("GET", node.Metrics, Patience) { Node = node, MaxBytes = 64 * 1024 * 1024 }, ct);
            return answer.Status == 200 && Encoding.UTF8.GetString(answer.Body.Span).Contains("scylla_", StringComparison.Ordinal)
                ? DoctorFinding.Ok(Id, "tells its own metrics")
                : DoctorFinding.Broken(Id, $"what answers at {node.Metrics} are not Scylla's metrics (status {answer.Status})", "correct metrics of the node in the inventory: port 9180, /metrics");
        }
        catch (ExchangeException broken)
        {
            return DoctorFinding.Broken(Id, $"no metrics at {node.Metrics} ({broken.Message})", "look whether Scylla runs there, at prometheus_address in scylla.yaml, and at metrics of the node: port 9180");
        }
    }
}
