using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Scylla runs on as many shards as before the node was touched. Another number of cores means hours of resharding at the start, and with tablets
/// fewer shards are not supported at all (facts 4.4, 7.25). Where nothing was measured before, it is compared with <c>shards</c>, or holds.
/// </summary>
[Tag("shards-unchanged", "Number of shards is unchanged")]
[Example("")]
public sealed record ShardsUnchanged : INodeCondition, IBaselined<NodeContext>
{
    private const string PerShard = "scylla_reactor_utilization";

    /// <value>Default 0: what was measured before counts alone.</value>
    [Description("How many there must be where nothing was measured before; 0 = any number"), Range(0, 4096)]
    public int Shards { get; init; }

    public string BaselineKey => "shards";

    public async Task<double> MeasureAsync(NodeContext context, CancellationToken ct) =>
        await ReadAsync(context, ct) is var shards and > 0 ? shards : throw new RecoverableException($"{context.Node.Name} does not tell its shards");

    /// <exception cref="UnrecoverableException">Another number: no waiting changes that.</exception>
    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var now = await ReadAsync(context, ct);
        if (now == 0)
        {
            return $"{context.Node.Name} does not tell its shards yet";
        }

        var before = context.Baseline(BaselineKey) ?? (Shards > 0 ? Shards : now);
        context.Observe(new Reading("shards", now, "", $"metrics of {context.Node.Name}") { Bound = before, Baseline = context.Baseline(BaselineKey) });
        return now == before ? null : throw new UnrecoverableException(
            $"{context.Node.Name} runs on {now} shards, before it was {before:0}: its cores, cpuset or instance type have changed");
    }

    private static async Task<int> ReadAsync(NodeContext context, CancellationToken ct) =>
        MetricsText.Samples((await NodeMetrics.ReadAsync(context, ct)).Span, PerShard)
            .Select(s => s.Labels.GetValueOrDefault("shard")).Distinct(StringComparer.Ordinal).Count();
}
