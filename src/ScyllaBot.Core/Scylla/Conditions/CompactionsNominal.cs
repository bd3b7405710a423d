using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Running plus queued compactions of all shards are at or below a bound (facts 2.4). The bound is the fixed part of
/// <c>max(10, 1.5 × the hour's average)</c>: no history is kept yet, so a cluster that always compacts more sets its own.
/// </summary>
[Tag("compactions-nominal", "Compactions are nominal")]
public sealed record CompactionsNominal : INodeCondition
{
    private const string Running = "scylla_compaction_manager_compactions";
    private const string Queued = "scylla_compaction_manager_pending_compactions";

    /// <value>Default 10.</value>
    [Description("Most running and queued compactions that count as nominal"), Range(0, 100_000)]
    public int MaxPending { get; init; } = 10;

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var text = await NodeMetrics.ReadAsync(context, ct);
        if (MetricsText.Sum(text.Span, Running) is not { } running || MetricsText.Sum(text.Span, Queued) is not { } queued)
        {
            return $"{context.Node.Name} does not tell its compactions yet";
        }

        return running + queued <= MaxPending
            ? null
            : $"{running + queued:0} compactions running or queued on {context.Node.Name}, more than {MaxPending}";
    }
}
