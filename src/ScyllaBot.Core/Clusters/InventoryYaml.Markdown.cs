using System.Text;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clusters;

public static partial class InventoryYaml
{
    /// <summary>docs/inventory.md, whole.</summary>
    public static string Markdown()
    {
        var page = new StringBuilder("# The inventory\n\nGenerated from the records that read it; a test compares it. ")
            .Append("`ScyllaBot inventory import` writes one from a live node, from Scylla's monitoring or from Ansible; `ScyllaBot inventory check` compares it with the rings.\n")
            .Append("The file is read again when it changes; running jobs keep what they began with, and a file with mistakes changes nothing.\n\n")
            .Append("```yaml\n").Append(Example).Append("```\n");
        Chapter<InventoryEntry>(page, "The file");
        Chapter<ClusterEntry>(page, "A cluster");
        Chapter<NodeEntry>(page, "A node");
        Chapter<SshEntry>(page, "`ssh`");
        Chapter<AgentEntry>(page, "`agent`");
        Chapter<PolicyEntry>(page, "`policy`");
        Chapter<ExemptionEntry>(page, "`exemptions`");
        Chapter<ServiceEntry>(page, "`prometheus`, `alertmanager`");
        Chapter<ManagerEntry>(page, "`manager`");
        Chapter<SaltEntry>(page, "`salt`");
        Chapter<AnsibleEntry>(page, "`ansible`");
        Chapter<CqlEntry>(page, "`cql`");
        Chapter<GuardsEntry>(page, "`guards`");
        return page.ToString();
    }

    /// <summary>Also bound in a test.</summary>
    internal const string Example = """
        clusters:
          - name: messages-prd
            environment: production
            mode: observe
            transport: ssh
            ssh: {config: /etc/scyllabot/ssh_config, user: ops}
            cql: {username: scyllabot_ro, password: "file:/run/secrets/cql"}
            policy: {levels: [local_quorum, local_serial]}
            exemptions:
              - {keyspace: system_traces, reason: traces may be lost, by: mara}
            prometheus: {url: "http://prometheus:9090", matcher: 'cluster="messages"'}
            nodes:
              - name: scylla-messages-b-1
                address: 10.0.1.1
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c
                dc: us-east1
                rack: b

        """;

    private static void Chapter<T>(StringBuilder page, string title)
    {
        page.Append($"\n## {title}\n\n");
        InputTable.Append(page, Input.AllOf(typeof(T)));
    }
}
