using System.Text;
using System.Text.Json;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Doctor;

/// <summary>Scylla's REST API answers on the node, by its transport, and it is this node that answers.</summary>
internal sealed class RestCheck : INodeCheck
{
    private const string Path = "storage_service/hostid/local";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Id => "rest";

    // A machine that is not in the ring need not run Scylla yet.
    public bool Fits(Cluster cluster, Node node) => node.IsInRing;

    public NodeNeed NeedOf(Node node) => node.Access?.Transport is NodeTransport.Ssh or NodeTransport.SshExec ? NodeNeed.Reach : NodeNeed.Nothing;

    public async Task<DoctorFinding> LookAsync(DoctorCase @case, Cluster cluster, Node node, CancellationToken ct)
    {
        try
        {
            var answer = await @case.Http.SendAsync(new HttpCall("GET", new Uri(node.Api, Path), Patience) { Node = node, MaxBytes = 64 * 1024 }, ct);
            return answer.Status == 200 && HostId(answer) is { } id ? Of(cluster, node, id) : Strange(node, answer.Status);
        }
        catch (ExchangeException broken)
        {
            return Broken(node, broken);
        }
    }

    private DoctorFinding Of(Cluster cluster, Node node, Guid id) => id == node.HostId ? DoctorFinding.Ok(Id, $"answers by {WayOf(node)}")
        : cluster.Nodes.FirstOrDefault(n => n.HostId == id) is { } other
        ? DoctorFinding.Broken(Id, $"at {node.Api} it is {other.Name} that answers", "correct api (or ssh_host) of both in the inventory: the bot would act on the wrong machine")
        : DoctorFinding.Broken(
            Id, $"its host id is {id}, the inventory says {node.HostId}", "if the machine was replaced, correct host_id (ScyllaBot inventory import shows it); if not, its address leads to another cluster");

    private DoctorFinding Strange(Node node, int status) => status is 401 or 403
        ? DoctorFinding.Broken(Id, $"{WayOf(node)}: refused ({status})", node.Access?.Transport == NodeTransport.Agent
            ? "put the agents' auth_token (/etc/scylla-manager-agent/scylla-manager-agent.yaml) where agent.token says" : "something before the API asks for a login: give api the address of Scylla itself")
        : DoctorFinding.Broken(
            Id, $"what answers at {node.Api} is not Scylla's REST API (status {status})", "correct api of the node in the inventory; Scylla's port is 10000 (api_port in scylla.yaml). A node that is just starting answers 404 too");

    private DoctorFinding Broken(Node node, ExchangeException broken)
    {
        var way = $"by {WayOf(node)} at {node.Api}";
        return broken switch
        {
            _ when broken.Message.Contains("forbids forwarding", StringComparison.Ordinal) =>
                DoctorFinding.Broken(Id, "sshd there forbids forwarding", "AllowTcpForwarding local and PermitOpen for the API's and the metrics' port, or transport: ssh_exec in the inventory"),
            { Failure: ExchangeFailure.NotConnected } when broken.Message.Contains("secret", StringComparison.Ordinal) || broken.Message.Contains("certificate", StringComparison.Ordinal) =>
                DoctorFinding.Broken(Id, $"{WayOf(node)}: {broken.Message}", "see agent in the inventory: token and authority"),
            { Failure: ExchangeFailure.NotConnected } => DoctorFinding.Broken(
                Id, $"nobody answers {way} ({Reason(broken)})", node.Access?.Transport is NodeTransport.Direct
                    ? "look whether Scylla runs there; its API listens on its own loopback unless api_address says otherwise: transport: ssh reaches it there"
                    : "look whether Scylla runs there (systemctl status scylla-server), and at api of the node: port 10000"),
            { Failure: ExchangeFailure.TimedOut } => DoctorFinding.Broken(Id, $"no answer {way} within {Patience.TotalSeconds:0} s", "look at the node's load, and whether a firewall drops the port"),
            _ => DoctorFinding.Broken(Id, $"what answers {way} does not speak HTTP, or breaks off ({broken.Message})", "look whether Scylla runs there, and correct api of the node: port 10000, not CQL's 9042"),
        };
    }

    // The address stands in the sentence already, and would tell equal findings of many nodes apart.
    private static string Reason(ExchangeException broken) => broken.Message.Contains("refused", StringComparison.OrdinalIgnoreCase) ? "connection refused" : broken.Message;

    private static string WayOf(Node node) => node.Access?.Transport switch
    {
        NodeTransport.Ssh => "ssh -W",
        NodeTransport.SshExec => "scyllabot-node http",
        NodeTransport.Agent => $"the Manager agent (port {node.Access.Agent.Port})",
        _ => "direct HTTP",
    };

    private static Guid? HostId(HttpAnswer answer)
    {
        try
        {
            return Guid.TryParse(JsonSerializer.Deserialize<string>(Encoding.UTF8.GetString(answer.Body.Span)), out var id) ? id : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
