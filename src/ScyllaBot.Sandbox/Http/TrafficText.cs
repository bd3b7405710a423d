using System.Globalization;
using System.Text;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>The part of `/metrics` that clients cause (facts/scylla.md 2.3): counters per shard, absent until they first fire.</summary>
internal static class TrafficText
{
    private const string User = "scheduling_group_name=\"sl:default\",";

    /// <summary>Streaming and repair read too, slowly: whoever does not filter them out sees it.</summary>
    private const string Internal = "scheduling_group_name=\"streaming\",";

    public static void Append(StringBuilder text, SimNode node)
    {
        if (node.Cluster.Traffic.Of(node) is not { } count)
        {
            return;
        }

        var served = count.Reads + count.Writes;
        Head(text, "scylla_transport_requests_served", "counter");
        Each(text, "scylla_transport_requests_served", "", served + count.Unavailable);
        Errors(text, count, served * node.Cluster.Traffic.TimeoutShare);
        Histogram(text, "scylla_storage_proxy_coordinator_read_latency", count.ReadBuckets, count.Reads, slow: served / 1000);
        Histogram(text, "scylla_storage_proxy_coordinator_write_latency", count.WriteBuckets, count.Writes, slow: 0);
        if (count.Unavailable >= 1)
        {
            Head(text, "scylla_storage_proxy_coordinator_read_unavailable", "counter");
            Each(text, "scylla_storage_proxy_coordinator_read_unavailable", User, count.Unavailable * 2 / 3);
            Head(text, "scylla_storage_proxy_coordinator_write_unavailable", "counter");
            Each(text, "scylla_storage_proxy_coordinator_write_unavailable", User, count.Unavailable / 3);
        }
    }

    private static void Errors(StringBuilder text, TrafficCount count, double timeouts)
    {
        // A client's own mistake is always there, so that counting every type is wrong.
        Head(text, "scylla_transport_cql_errors_total", "counter");
        Each(text, "scylla_transport_cql_errors_total", "type=\"unprepared\",", (count.Reads + count.Writes) / 50);
        foreach (var (type, value) in new[] { ("read_timeout", timeouts), ("unavailable", count.Unavailable) })
        {
            if (value >= 1)
            {
                Each(text, "scylla_transport_cql_errors_total", $"type=\"{type}\",", value);
            }
        }
    }

    private static void Histogram(StringBuilder text, string name, double[] buckets, double all, double slow)
    {
        Head(text, name, "histogram");
        Buckets(text, name, User, buckets, all);
        if (slow >= 1)
        {
            Buckets(text, name, Internal, [.. Traffic.Bounds.Select(_ => 0.0)], slow);
        }
    }

    private static void Buckets(StringBuilder text, string name, string labels, double[] buckets, double all)
    {
        for (var i = 0; i < buckets.Length; i++)
        {
            Each(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"le=\"{Traffic.Bounds[i]}\",{labels}"), buckets[i]);
        }

        Each(text, name + "_bucket", $"le=\"+Inf\",{labels}", all);
        Each(text, name + "_count", labels, all);
        Each(text, name + "_sum", labels, all * 900);
    }

    private static void Head(StringBuilder text, string name, string type) =>
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");

    /// <summary>Counts are whole; each shard has its share.</summary>
    private static void Each(StringBuilder text, string name, string labels, double all)
    {
        for (var shard = 0; shard < MetricsText.Shards; shard++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}shard=\"{shard}\"}} {(long)(all / MetricsText.Shards)}\n");
        }
    }
}
