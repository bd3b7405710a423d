using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>
/// Traffic as the nodes' own counters tell it. A condition keeps nothing between its looks, so both samples are taken within one, a short
/// while apart: what happened before it is not judged, and a node that can not be read twice is not nominal.
/// </summary>
internal sealed class NodeTraffic(ClusterContext context, MetricScope scope, TimeSpan sample) : ITraffic
{
    private readonly ImmutableArray<Node> _nodes = Traffic.Watched(context, scope);

    public string Source => $"metrics of {Subject}";

    public string Subject => Traffic.Name(_nodes);

    public async Task<double> LatencyAsync(RequestKind kind, double quantile, CancellationToken ct)
    {
        var series = Traffic.Latency(kind);
        var changes = await LookAsync([series + "_bucket"], ct);

        // Buckets are in microseconds, and streaming or repair read too: only what clients asked for counts (facts 2.2).
        return MetricsChange.Quantile(quantile, changes.Select(c => c.Change.Buckets(series, IsAsked))) / 1000;
    }

    public async Task<ErrorRates> ErrorsAsync(CancellationToken ct)
    {
        var changes = await LookAsync([Traffic.Errors], ct);
        var errors = changes.Sum(c => c.Change.Increase(
            Traffic.Errors, labels => Traffic.ErrorTypes.Contains(labels.GetValueOrDefault("type", ""), StringComparer.Ordinal)) ?? 0);
        return new ErrorRates(errors / sample.TotalSeconds, changes.Sum(Requests));
    }

    public async Task<double> UnavailablesAsync(CancellationToken ct) =>
        (await LookAsync(Traffic.Unavailables, ct)).Sum(c => Traffic.Unavailables.Sum(series => c.Change.Increase(series) ?? 0));

    public async Task<ImmutableSortedDictionary<string, double>> RequestsAsync(CancellationToken ct) =>
        (await LookAsync([], ct)).ToImmutableSortedDictionary(c => c.Node.Name, Requests, StringComparer.Ordinal);

    private static bool IsAsked(ImmutableSortedDictionary<string, string> labels) =>
        !labels.TryGetValue("scheduling_group_name", out var group) || group is "statement" || group.StartsWith("sl:", StringComparison.Ordinal);

    private double Requests((Node Node, MetricsChange Change) look) => (look.Change.Increase(Traffic.Requests)
        ?? throw new RecoverableException($"{look.Node.Name} does not tell its requests yet")) / sample.TotalSeconds;

    private async Task<(Node Node, MetricsChange Change)[]> LookAsync(ImmutableArray<string> series, CancellationToken ct)
    {
        // Requests served are there from the moment CQL opens: without them an absent error counter means "not serving" and not "no errors".
        var wanted = series.Add(Traffic.Requests);
        var before = await Task.WhenAll(_nodes.Select(n => ReadAsync(n, wanted, ct)));
        await Task.Delay(sample, context.Time, ct);
        var after = await Task.WhenAll(_nodes.Select(n => ReadAsync(n, wanted, ct)));
        return [.. _nodes.Select((node, i) => (node, new MetricsChange(before[i], after[i], sample)))];
    }

    private async Task<ImmutableSortedDictionary<string, ImmutableArray<MetricSample>>> ReadAsync(
        Node node, ImmutableArray<string> series, CancellationToken ct)
    {
        var text = await NodeMetrics.ReadAsync(new NodeContext(context, node), ct);
        var look = series.ToImmutableSortedDictionary(s => s, s => MetricsText.Samples(text.Span, s), StringComparer.Ordinal);
        return look[Traffic.Requests].IsEmpty ? throw new RecoverableException($"{node.Name} does not tell its requests yet") : look;
    }
}
