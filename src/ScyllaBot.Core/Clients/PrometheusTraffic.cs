using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Clients;

/// <summary>Traffic as Prometheus scraped it (facts 2.4). Each number is asked for only when every node it speaks of is scraped right now.</summary>
internal sealed class PrometheusTraffic(ClusterContext context, MetricScope scope) : ITraffic
{
    private const string Job = "scylla";
    private readonly ImmutableArray<Node> _nodes = Traffic.Watched(context, scope);
    private readonly Prometheus _prometheus = Prometheus.Of(context);

    public string Source => "Prometheus";

    public string Subject => Traffic.Name(_nodes);

    public async Task<double> LatencyAsync(RequestKind kind, double quantile, CancellationToken ct)
    {
        var of = string.Create(CultureInfo.InvariantCulture, $"histogram_quantile({quantile}, sum by (le) (rate(");
        var buckets = Traffic.Latency(kind) + "_bucket{scheduling_group_name=~\"statement|sl:.*\"," + Prometheus.Placeholder + "}[5m])))";
        return (await AskAsync(of + buckets, ct) ?? double.NaN) / 1000;
    }

    public async Task<ErrorRates> ErrorsAsync(CancellationToken ct)
    {
        var errors = $"{Traffic.Errors}{{type=~\"{string.Join('|', Traffic.ErrorTypes)}\",{Prometheus.Placeholder}}}";
        return new ErrorRates(await OrZeroAsync($"sum(rate({errors}[2m]))", ct), await RequestsInAllAsync(ct));
    }

    public async Task<double> UnavailablesAsync(CancellationToken ct)
    {
        var sum = string.Join(" + ", Traffic.Unavailables.Select(series => $"(sum(increase({series}{{{Prometheus.Placeholder}}}[2m])) or vector(0))"));
        _ = await RequestsInAllAsync(ct);
        return await OrZeroAsync(sum, ct);
    }

    public async Task<ImmutableSortedDictionary<string, double>> RequestsAsync(CancellationToken ct)
    {
        var rates = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        await FreshAsync(ct);
        foreach (var node in _nodes)
        {
            var query = _prometheus.Fill($"sum(rate({Traffic.Requests}{{{Prometheus.Placeholder}}}[2m]))", node);
            rates[node.Name] = (await _prometheus.QueryAsync(query, ct)).Value ?? throw Absent(node.Name);
        }

        return rates.ToImmutable();
    }

    /// <summary>It is there from the moment CQL opens: where it is absent, an absent error counter proves nothing.</summary>
    private async Task<double> RequestsInAllAsync(CancellationToken ct) =>
        await AskAsync($"sum(rate({Traffic.Requests}{{{Prometheus.Placeholder}}}[2m]))", ct) ?? throw Absent(Subject);

    private async Task<double> OrZeroAsync(string query, CancellationToken ct) =>
        await AskAsync($"({query}) or vector(0)", ct) ?? throw Absent(Subject);

    private async Task<double?> AskAsync(string query, CancellationToken ct)
    {
        await FreshAsync(ct);
        var only = context is NodeContext subject && scope == MetricScope.Node ? subject.Node : null;
        return (await _prometheus.QueryAsync(_prometheus.Fill(query, only), ct)).Value;
    }

    private async Task FreshAsync(CancellationToken ct)
    {
        if (await _prometheus.WhyNotFreshAsync(Job, _nodes, ct) is { } why)
        {
            throw new RecoverableException(why);
        }
    }

    private static RecoverableException Absent(string whose) => new($"Prometheus has no requests of {whose} in the last 2 minutes");
}
