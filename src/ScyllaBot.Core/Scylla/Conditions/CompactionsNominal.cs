using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Running plus queued compactions of all shards are back to what they were before the node was touched: at most <c>max(10, 1.5 × before)</c>
/// (facts 2.4). Zero is wrong as a bound, a busy node always compacts. Read from the node's own metrics, so it is as fresh as the node.
/// </summary>
[Tag("compactions-nominal", "Compactions are nominal")]
[Example("max_pending: 20")]
public sealed record CompactionsNominal : INodeCondition, IBaselined<NodeContext>, ITellsHealth
{
    private const double Least = 10;
    private const double Factor = 1.5;
    private const string Running = "scylla_compaction_manager_compactions";
    private const string Queued = "scylla_compaction_manager_pending_compactions";

    /// <value>Default 10.</value>
    [Description("Most running and queued compactions that count as nominal where nothing was measured before"), Range(0, 100_000)]
    public int MaxPending { get; init; } = 10;

    public string BaselineKey => "compactions";

    public async Task<double> MeasureAsync(NodeContext context, CancellationToken ct) =>
        await ReadAsync(context, ct) ?? throw new RecoverableException($"{context.Node.Name} does not tell its compactions");

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        if (await ReadAsync(context, ct) is not { } now)
        {
            return $"{context.Node.Name} does not tell its compactions yet";
        }

        var before = context.Baseline(BaselineKey);
        var bound = before is { } baseline ? Math.Max(Least, Factor * baseline) : MaxPending;
        context.Observe(new Reading("compactions running or queued", now, "", $"metrics of {context.Node.Name}") { Bound = bound, Baseline = before });
        return now <= bound
            ? null
            : $"{now:0} compactions running or queued on {context.Node.Name}, more than {bound:0.#}{(before is null ? "" : $" ({before:0} before)")}";
    }

    private static async Task<double?> ReadAsync(NodeContext context, CancellationToken ct)
    {
        var text = await NodeMetrics.ReadAsync(context, ct);
        return MetricsText.Sum(text.Span, Running) + MetricsText.Sum(text.Span, Queued);
    }
}
