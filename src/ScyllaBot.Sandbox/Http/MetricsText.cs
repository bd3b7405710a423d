using System.Globalization;
using System.Text;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>`/metrics` of a node, port 9180: per shard, and absent for what has not started (facts/scylla.md 2.2, 5.7).</summary>
internal static class MetricsText
{
    public const int Shards = 2;

    /// <summary>Null while nothing listens. Call inside the agenda.</summary>
    public static string? Of(SimNode node)
    {
        if (node.Phase < StartPhase.MetricsOnly)
        {
            return null;
        }

        var text = new StringBuilder();
        var now = node.Cluster.Agenda.Now;
        Gauge(text, "scylla_node_operation_mode", ModeNumber(node));
        Each(text, "scylla_scylladb_current_version", _ => 0, $"version=\"{node.Machine.RunningVersion}\",");
        Head(text, "scylla_reactor_utilization");
        for (var shard = 0; shard < node.Machine.Shards; shard++)
        {
            Line(text, "scylla_reactor_utilization", "", shard, node.Serves ? 30 + (5 * shard) : 4);
        }

        if (node.Phase >= StartPhase.TokensKnown)
        {
            var peers = node.Cluster.Nodes.Where(peer => peer != node).ToArray();
            var live = peers.Count(peer => node.Cluster.Gossip.SeesUp(node, peer));
            Gauge(text, "scylla_gossip_live", live);
            Gauge(text, "scylla_gossip_unreachable", peers.Length - live);
            Gauge(text, "scylla_gossip_heart_beat", (long)(now - node.ProcessStart).TotalSeconds);
        }

        if (node.Phase >= StartPhase.Services)
        {
            Compactions(text, node);
            Each(text, "scylla_streaming_total_incoming_bytes", _ => 0);
            Each(text, "scylla_streaming_total_outgoing_bytes", _ => 0);
            Idle(text, "scylla_streaming_finished_percentage");
            Idle(text, "scylla_node_ops_finished_percentage");
            Gauge(text, "scylla_raft_group0_status", node.Mode == OperationMode.Drained ? 2 : 1);
        }

        if (node.Phase >= StartPhase.Serving)
        {
            TrafficText.Append(text, node);
            Each(text, "scylla_hints_manager_size_of_hints_in_progress", _ => 0);
            Each(text, "scylla_hints_manager_written", _ => 0);
            Each(text, "scylla_transport_current_connections", shard => node.Cql ? 40 + shard : 0);
        }

        return text.ToString();
    }

    private static void Compactions(StringBuilder text, SimNode node)
    {
        var running = node.RunningCompactions;
        var pending = node.PendingCompactions;
        Each(text, "scylla_compaction_manager_compactions", shard => Share(running, shard));
        Each(text, "scylla_compaction_manager_pending_compactions", shard => Share(pending, shard));
        Each(text, "scylla_compaction_manager_backlog", shard => Share(pending, shard) * 1e6);
    }

    /// <summary>The shards' shares add up to the whole.</summary>
    private static int Share(int total, int shard) => (total + Shards - 1 - shard) / Shards;

    private static int ModeNumber(SimNode node) => node.Mode switch
    {
        OperationMode.Starting => 1,
        OperationMode.Joining or OperationMode.Bootstrap => 2,
        OperationMode.Normal => 3,
        OperationMode.Leaving => 4,
        OperationMode.Decommissioned => 5,
        OperationMode.Draining => 6,
        OperationMode.Drained => 7,
        _ => 1,
    };

    /// <summary>Fractions that read 1 when nothing runs.</summary>
    private static void Idle(StringBuilder text, string name)
    {
        Head(text, name);
        foreach (var operation in new[] { "bootstrap", "decommission", "removenode", "rebuild", "repair", "replace" })
        {
            Line(text, name, $"ops=\"{operation}\",", 0, 1);
        }
    }

    private static void Gauge(StringBuilder text, string name, double value)
    {
        Head(text, name);
        Line(text, name, "", 0, value);
    }

    private static void Each(StringBuilder text, string name, Func<int, double> value, string labels = "")
    {
        Head(text, name);
        for (var shard = 0; shard < Shards; shard++)
        {
            Line(text, name, labels, shard, value(shard));
        }
    }

    private static void Head(StringBuilder text, string name) => text.Append("# TYPE ").Append(name).Append(" gauge\n");

    private static void Line(StringBuilder text, string name, string labels, int shard, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}shard=\"{shard}\"}} {value}\n");
}
