using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Yaml;

namespace ScyllaBot.Core.Clusters;

/// <summary>What reading an inventory came to.</summary>
public abstract record InventoryReading
{
    private InventoryReading() { }

    public sealed record Read(Inventory Inventory) : InventoryReading;

    /// <summary>All that is wrong, in the order of the file.</summary>
    public sealed record Invalid(ImmutableArray<FileError> Errors) : InventoryReading;
}

/// <summary>The inventory file: clusters with their nodes, where they stand and how they are reached.</summary>
public static partial class InventoryYaml
{
    /// <param name="file">What errors call it.</param>
    /// <param name="text">At most 256 KiB.</param>
    public static InventoryReading Read(string file, string text)
    {
        var errors = new FileErrors(file);
        var binder = new YamlBinder(TaskCatalog.Core, Templates.None, errors);
        object? bound = null;
        if (YamlReader.Read(text, errors) is { } root && binder.TryBind(root, typeof(InventoryEntry), "inventory", null, out bound))
        {
            new Duplicates(binder, errors).Check(((InventoryEntry)bound!).Clusters ?? []);
        }

        return errors.Count > 0
            ? new InventoryReading.Invalid(errors.InOrder())
            : new InventoryReading.Read(new Inventory([.. ((InventoryEntry)bound!).Clusters.Select(c => c.ToCluster())]));
    }

    /// <summary>Two entries that claim to be the same thing: whichever was meant, acting on the other one is an accident.</summary>
    private sealed class Duplicates(YamlBinder binder, FileErrors errors)
    {
        // A value that could not be read is left null: its own error says so.
        public void Check(IReadOnlyList<ClusterEntry?> clusters)
        {
            var present = clusters.OfType<ClusterEntry>().ToArray();
            Once(present, "name", "cluster", c => c.Name);
            var nodes = present.SelectMany(c => c.Nodes ?? []).OfType<NodeEntry>().ToArray();
            Once(nodes, "name", "node", n => n.Name);
            Once(nodes, "host_id", "node", n => n.HostId?.ToString());
            foreach (var cluster in present)
            {
                // Addresses of different clusters may be the same: networks apart.
                var own = (cluster.Nodes ?? []).OfType<NodeEntry>().ToArray();
                Once(own, "address", "node", n => n.Address);
                Once(own, "ssh_host", "node", n => n.SshHost);
                if (cluster.Transport is NodeTransport.Direct || own.Any(n => n.Commands is not null))
                {
                    // Seen from the node itself, every node's loopback has the same address.
                    Once(own, "api", "node", n => n.Api?.ToString());
                    Once(own, "metrics", "node", n => n.Metrics?.ToString());
                }

                Reached(cluster);
                Once((cluster.Exemptions ?? []).OfType<ExemptionEntry>(), "keyspace", "exemption", e => e.Keyspace);
            }
        }

        private void Reached(ClusterEntry cluster)
        {
            foreach (var node in (cluster.Nodes ?? []).OfType<NodeEntry>().Where(n => n.Address is not null && !System.Net.IPAddress.TryParse(n.Address, out _)))
            {
                errors.Add(binder.OriginOf(node).MarkOf("address"), $"`address` must be an ip address, not \"{node.Address}\"");
            }

            foreach (var node in (cluster.Nodes ?? []).OfType<NodeEntry>().Where(n => n.HostId == Guid.Empty))
            {
                errors.Add(binder.OriginOf(node).MarkOf("host_id"), "`host_id` of zeros is nobody's: leave it out as long as the node is not in the ring");
            }

            foreach (var service in new[] { cluster.Prometheus, cluster.Alertmanager }.OfType<ServiceEntry>().Where(s => s.Headers is not null))
            {
                if (service.Headers!.Keys.GroupBy(k => k, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
                {
                    errors.Add(binder.OriginOf(service).MarkOf("headers"), $"header {twice.Key} is given twice");
                }
            }

            if (cluster is { Transport: NodeTransport.Agent, Agent.Token: null })
            {
                errors.Add(binder.OriginOf(cluster).MarkOf("transport"), "`transport: agent` needs `agent: {token: …}`: the agents answer to nobody else");
            }
        }

        private void Once<T>(IEnumerable<T> entries, string key, string what, Func<T, string?> valueOf)
            where T : class
        {
            var seen = new Dictionary<string, YamlMark>(StringComparer.Ordinal);
            foreach (var entry in entries)
            {
                var at = binder.OriginOf(entry).MarkOf(key);
                if (valueOf(entry) is { } value && !seen.TryAdd(value, at))
                {
                    errors.Add(at, $"another {what} has the same `{key}` {value}, in line {seen[value].Line}");
                }
            }
        }
    }
}
