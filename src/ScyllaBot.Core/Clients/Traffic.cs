using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Where live numbers come from.</summary>
public enum MetricSource
{
    /// <summary>The nodes themselves, read twice: as fresh as it gets.</summary>
    Nodes,

    /// <summary>The cluster's Prometheus: cheaper for a large cluster, one scrape behind.</summary>
    Prometheus,
}

/// <summary>Whose numbers are judged.</summary>
public enum MetricScope
{
    /// <summary>The step's own node; in a cluster step all of them.</summary>
    Node,

    /// <summary>Every node that this job does not hold, and the step's own.</summary>
    Cluster,
}

/// <summary>Which requests of clients.</summary>
public enum RequestKind
{
    Read,
    Write,
}

/// <param name="Errors">That clients were told and that are not their own mistake, per second.</param>
/// <param name="Requests">Per second.</param>
public sealed record ErrorRates(double Errors, double Requests);

/// <summary>What clients feel of a cluster or one of its nodes. What can not be told is a <see cref="RecoverableException"/>, never a 0.</summary>
public interface ITraffic
{
    /// <summary>Named in readings.</summary>
    string Source { get; }

    /// <summary>Whose numbers these are, as a sentence names it.</summary>
    string Subject { get; }

    /// <returns>Milliseconds; NaN when there was no such request.</returns>
    Task<double> LatencyAsync(RequestKind kind, double quantile, CancellationToken ct);

    Task<ErrorRates> ErrorsAsync(CancellationToken ct);

    /// <returns>Requests refused because too few replicas were known to be alive, in the span that was looked at.</returns>
    Task<double> UnavailablesAsync(CancellationToken ct);

    /// <returns>Requests per second of each node, by name.</returns>
    Task<ImmutableSortedDictionary<string, double>> RequestsAsync(CancellationToken ct);
}

/// <summary>Which series tell of traffic (facts 2.3).</summary>
internal static class Traffic
{
    public const string Requests = "scylla_transport_requests_served";
    public const string Errors = "scylla_transport_cql_errors_total";

    /// <summary>Not the client's own mistakes, such as <c>invalid</c> or <c>unprepared</c> (facts 2.4).</summary>
    public static readonly ImmutableArray<string> ErrorTypes =
        ["overloaded", "read_failure", "read_timeout", "unavailable", "write_failure", "write_timeout"];

    public static readonly ImmutableArray<string> Unavailables =
    [
        "scylla_storage_proxy_coordinator_range_unavailable",
        "scylla_storage_proxy_coordinator_read_unavailable",
        "scylla_storage_proxy_coordinator_write_unavailable",
    ];

    public static string Latency(RequestKind kind) => $"scylla_storage_proxy_coordinator_{(kind == RequestKind.Read ? "read" : "write")}_latency";

    public static ITraffic Of(ClusterContext context, MetricSource source, MetricScope scope, TimeSpan sample) =>
        source == MetricSource.Prometheus ? new PrometheusTraffic(context, scope) : new NodeTraffic(context, scope, sample);

    /// <summary>Nodes this job holds are down by us; the subject is what the step is about.</summary>
    public static ImmutableArray<Node> Watched(ClusterContext context, MetricScope scope)
    {
        var subject = (context as NodeContext)?.Node;
        if (subject is not null && scope == MetricScope.Node)
        {
            return [subject];
        }

        var held = context.Held();
        return [.. context.Cluster.Members.Where(n => !held.Contains(n.Name) || string.Equals(n.Name, subject?.Name, StringComparison.Ordinal))];
    }

    public static string Name(ImmutableArray<Node> nodes) => nodes is [var one] ? one.Name : $"{nodes.Length} nodes";
}
