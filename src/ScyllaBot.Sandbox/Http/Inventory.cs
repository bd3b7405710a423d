using System.Text;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>`GET /sandbox/inventory`: the clusters as a bot's inventory file.</summary>
internal static class Inventory
{
    public static string Yaml(SandboxWorld world, NodePorts ports, string url)
    {
        var text = new StringBuilder("clusters:\n");
        foreach (var cluster in world.Clusters)
        {
            text.Append(
                $"""
                  - name: {cluster.Name}
                    environment: sandbox
                    mode: run
                    exemptions:
                      - keyspace: system_traces
                        reason: traces may be lost
                        by: sandbox

                """);
            foreach (var service in cluster.Services.Where(s => s.Kind is not "salt"))
            {
                // salt-call on the node is the default; salt-api would need a password.
                var more = service.Kind is "manager" ? $", cluster: {cluster.Name}" : "";
                var path = service.Kind is "manager" ? "/api/v1" : "";
                text.Append($"    {service.Kind}: {{url: \"{url}/sandbox/services/{cluster.Name}/{service.Kind}{path}\"{more}}}\n");
            }

            text.Append("    nodes:\n");
            foreach (var node in cluster.Machines)
            {
                text.Append(
                    $"""
                          - name: {node.Id.Name}
                            address: {node.Id.Address}{(node.IsMember ? $"\n        host_id: {node.Id.HostId}" : "")}
                            dc: {node.Id.Dc}
                            rack: {node.Id.Rack}
                            api: {ports.Of(node, metrics: false).Url}
                            metrics: {ports.Of(node, metrics: true).Url}/metrics
                            commands: {url}/sandbox/nodes/{node.Id.Name}/exec

                    """);
            }
        }

        return text.ToString();
    }
}
