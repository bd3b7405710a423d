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
                    environment: {(cluster.Runner is null ? "sandbox" : "staging")}
                    mode: run
                    exemptions:
                      - keyspace: system_traces
                        reason: traces may be lost
                        by: sandbox

                """);
            text.Append(OfShadow(cluster, url));
            foreach (var service in cluster.Services.Where(s => s.Kind is not ("salt" or "mirror")))
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

    /// <summary>What makes, feeds and destroys a shadow; nothing for other clusters.</summary>
    private static string OfShadow(SimCluster cluster, string url) => cluster.Runner is not { } runner ? "" :
        $"""
            enables: [shadow-cluster, tear-down]
            provisioner: {"{"}runner: {runner.Id.Name}, program: {SimProvisioner.Path}, commands: "{url}/sandbox/nodes/{runner.Id.Name}/exec"{"}"}
            data_service: {"{"}url: "{url}/sandbox/services/{cluster.Name}/mirror"{"}"}

        """;
}
