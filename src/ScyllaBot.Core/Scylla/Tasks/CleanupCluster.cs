using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Has every node that needs it cleaned up, in parallel, by Scylla's own topology coordinator (6.0); older versions node by node (facts 1.13). While
/// it runs, all other topology work waits; it has been seen stuck for hours, so its patience is an input.
/// </summary>
[Tag("cleanup-cluster", "Clean up the cluster", Direction.Neutral, Risk.Disruptive, Interruptible.AtCheck)]
[Pays(DebtKind.Cleanup)]
[Example("patience_seconds: 43200")]
public sealed record CleanupCluster : IClusterTask
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    /// <value>Default 12 h, from the step's first start.</value>
    [Description("How long it may take before somebody is called")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(12);

    public IReadOnlyList<IClusterCondition> Preconditions => [new ClusterNormal()];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        await CleanUpAsync(context, ct);
        await context.Debts.PayAsync(DebtKind.Cleanup, null, ct, before: context.Wait.Begun);
    }

    private async Task CleanUpAsync(ClusterContext context, CancellationToken ct)
    {
        var witness = (await context.Watch.ReadAsync(ClusterNormal.Freshness, ct)).Asked("be asked for it");
        if (!await context.Api(witness).CompactsAsTaskAsync(ct))
        {
            var ring = await Membership.RingAsync(context, ct);
            ImmutableArray<(string Unit, Func<Task> Work)> units = [.. (await Membership.NowAsync(context, ct))
                .Select(n => ($"{ring}: {n.Name}", (Func<Task>)(() => Cleanup.RunAsync(new NodeContext(context, n), ct))))];
            await context.Units.FinishAsync(units);
            foreach (var (unit, work) in units)
            {
                await context.Units.RunAsync(unit, work);
            }

            return;
        }

        if (await CleanupStates.ReadAsync(context, witness, ct) is null)
        {
            // Without CQL only the answer tells; asked again after a lost one it finds little left to do.
            await TopologyQuiet.InsistAsync(context, ct);
            await context.Api(witness).CleanupAllAsync(global: true, Left(context), ct);
            return;
        }

        await UntilCleanAsync(context, witness, ct);
    }

    private TimeSpan Left(ClusterContext context) =>
        context.Wait.Started + Patience - context.Time.GetUtcNow() is var left && left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);

    private async Task UntilCleanAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        var looks = 0;
        while (true)
        {
            var dirty = await DirtyAsync(context, witness, ct);
            if (dirty.Length == 0)
            {
                context.Log.Write("Every node is clean");
                return;
            }

            if (context.Time.GetUtcNow() >= context.Wait.Started + Patience)
            {
                throw new UnrecoverableException(
                    $"cleanup did not end within {Patience.TotalHours:0.#} h: {string.Join(", ", dirty)}; it goes on there, and other topology work waits for it");
            }

            // A request under way, ours or not, is joined by waiting; after an answer the states get two more looks.
            var idle = await RunsAsync(context, witness, ct) ? 0 : ++looks;
            if (idle > 3)
            {
                throw new RecoverableException($"cleanup ended, but {string.Join(", ", dirty)}");
            }

            if (idle == 1)
            {
                await TopologyQuiet.InsistAsync(context, ct);
                await AskAsync(context, witness, ct);
            }
            else
            {
                await Task.Delay(BetweenLooks, context.Time, ct);
            }
        }
    }

    private async Task AskAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        try
        {
            await context.Api(witness).CleanupAllAsync(global: true, Left(context), ct);
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            context.Log.Write($"Warning: {lost.Message}; the nodes' own states tell");
        }
    }

    private static async Task<string[]> DirtyAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        var states = await CleanupStates.ReadAsync(context, witness, ct) ?? throw new RecoverableException($"{witness.Name} does not tell who is clean now");
        return [.. states.Where(s => s.Value != "clean").Select(s => $"{context.Cluster.Nodes.FirstOrDefault(n => n.HostId == s.Key)?.Name ?? s.Key.ToString()}: {s.Value}")];
    }

    private static async Task<bool> RunsAsync(ClusterContext context, Node witness, CancellationToken ct) =>
        (await context.Api(witness).TasksAsync("global_topology_requests", ct) ?? []).Any(t => t is { Type: "cleanup", HasEnded: false });
}
