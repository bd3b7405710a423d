using System.Globalization;
using System.Text;

namespace ScyllaBot.Core.Clusters.Import;

/// <summary>An inventory as a file, so that it can be read again: what an import writes.</summary>
public static class InventoryText
{
    /// <param name="inventory">What to write.</param>
    /// <param name="comments">Lines for the reader, put on top.</param>
    public static string Of(Inventory inventory, IEnumerable<string> comments)
    {
        var text = new StringBuilder();
        foreach (var line in comments)
        {
            text.Append("# ").Append(string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c))).Append('\n');
        }

        text.Append("clusters:\n");
        foreach (var cluster in inventory.Clusters)
        {
            Append(text, cluster);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Cluster cluster)
    {
        var access = cluster.Nodes[0].Access ?? throw new ArgumentException("only clusters of real nodes are written", nameof(cluster));
        text.Append($"  - name: {cluster.Name}\n    environment: {Word(cluster.Environment)}   # sandbox, staging or production\n");
        text.Append($"    mode: {Word(cluster.Mode)}   # observe, step or run: nothing is started on an observed cluster\n");
        text.Append($"    transport: {Word(access.Transport)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    ssh:\n      helper: {(access.Ssh.Helper ? "true" : "false")}\n      max_sessions: {access.Ssh.MaxSessions}\n");
        Optional(text, "      config", access.Ssh.Config);
        Optional(text, "      user", access.Ssh.User);
        if (access.Agent is { Token: { } token } agent)
        {
            text.Append(CultureInfo.InvariantCulture, $"    agent:\n      port: {agent.Port}\n      token: {Quoted(token.Text)}\n");
            Optional(text, "      authority", agent.Authority);
        }

        text.Append("    exemptions:\n");
        foreach (var exemption in cluster.Exemptions)
        {
            text.Append($"      - keyspace: {Quoted(exemption.Keyspace)}\n        reason: {Quoted(exemption.Reason)}\n        by: {Quoted(exemption.By)}\n");
        }

        text.Append("    nodes:\n");
        foreach (var node in cluster.Nodes)
        {
            text.Append($"      - name: {node.Name}\n        address: {Quoted(node.Address)}\n{(node.IsInRing ? $"        host_id: {node.HostId}\n" : "")}");
            text.Append($"        dc: {Quoted(node.Zone.Datacenter)}\n        rack: {Quoted(node.Zone.Rack)}\n");
            Optional(text, "        ssh_host", node.Access!.SshHost == node.Name ? null : node.Access.SshHost);
        }
    }

    private static void Optional(StringBuilder text, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(key).Append(": ").Append(Quoted(value)).Append('\n');
        }
    }

    private static string Word(Enum value) => Tasks.Input.Snake(value.ToString());

    /// <summary>A double-quoted scalar: what another system said is never YAML of ours.</summary>
    private static string Quoted(string value) =>
        "\"" + string.Concat(value.Select(c => c is '"' or '\\' ? $"\\{c}" : char.IsControl(c) ? $"\\u{(int)c:x4}" : c.ToString())) + "\"";
}
