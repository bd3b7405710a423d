using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>What a repair takes on: Scylla repairs vnode keyspaces node by node and tablet tables as a whole, each by a call of its own (facts 1.14, 7.31).</summary>
public enum RepairMode
{
    Both,
    Vnodes,
    Tablets,
}

/// <summary>
/// Repairs without a Manager. As a cluster step: the primary ranges of every node, one node after another, and every tablet table. As a step of a
/// node: that node's primary ranges; every node of every datacenter must have its turn, or the ring is not whole. It makes room between two of them.
/// </summary>
[Tag("repair", "Repair", Direction.Neutral, Risk.Disruptive, Interruptible.No)]
[Pays(DebtKind.Repair)]
[Example("mode: both\nkeyspaces: [discord]")]
public sealed record Repair : IClusterTask, IMovesData, ILasts
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    /// <value>Default both.</value>
    [Description("Vnode keyspaces, tablet tables or both")]
    public RepairMode Mode { get; init; } = RepairMode.Both;

    /// <value>Default empty: all replicated ones.</value>
    [Description("Keyspaces; all replicated ones when none are given")]
    public IReadOnlyList<string> Keyspaces { get; init; } = [];

    public IReadOnlyList<IClusterCondition> Preconditions => [new ClusterNormal()];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        if (context is NodeContext && Mode != RepairMode.Vnodes)
        {
            throw new UnrecoverableException("tablet tables are repaired as a whole: in a step of each node use mode: vnodes, and a cluster step with mode: tablets");
        }

        var witness = (await context.Watch.ReadAsync(ClusterNormal.Freshness, ct)).Asked("tell the keyspaces");
        var vnodes = Mode is RepairMode.Tablets ? [] : await VnodesAsync(context, witness, ct);
        var tablets = Mode is RepairMode.Vnodes ? [] : await WantedAsync(context.Api(witness), tablets: true, ct);
        await FinishOpenAsync(context, [.. vnodes, .. await TabletsAsync(context, witness, tablets, ct)], ct);
        foreach (var (unit, work) in vnodes)
        {
            await context.Units.RunAsync(unit, work);
        }

        foreach (var keyspace in tablets)
        {
            // Which tables there are is asked late: days may have passed.
            foreach (var (unit, work) in await TabletsAsync(context, witness, [keyspace], ct))
            {
                await context.Units.RunAsync(unit, work);
            }
        }

        if (context is not NodeContext && Mode is not RepairMode.Tablets && await Membership.StrangerAsync(context, ct) is { } stranger)
        {
            throw new UnrecoverableException($"{stranger} is in the ring and not this job's to touch (R27), so its own ranges are not repaired; all others are. No retry changes that: abort ends the job, what is owed stays with the cluster, and a new plan of a repair takes the node in");
        }

        // Only the whole ring, every keyspace: less leaves some of what is missing where it is missing.
        if (context is not NodeContext && Mode == RepairMode.Both && Keyspaces.Count == 0)
        {
            await context.Debts.PayAsync(DebtKind.Repair, null, ct, before: context.Wait.Begun);
        }
    }

    /// <summary>Other ranges are another unit: whoever had the cluster in between may have changed the ring (R18).</summary>
    private async Task<ImmutableArray<(string Unit, Func<Task> Work)>> VnodesAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        var ring = await Membership.RingAsync(context, ct);
        var since = await context.Units.SinceAsync(ring);
        var keyspaces = await WantedAsync(context.Api(witness), tablets: false, ct);
        ImmutableArray<Node> nodes = context is NodeContext subject ? [subject.Node] : await Membership.NowAsync(context, ct);
        return [.. nodes.Select(n => (Node: n, Repair: new VnodeRepair(context, n, since))).SelectMany(n => keyspaces.Select(
            keyspace => ($"{ring}: {keyspace} on {n.Node.Name}", (Func<Task>)(() => n.Repair.RunAsync(keyspace, ct)))))];
    }

    private static async Task<ImmutableArray<(string Unit, Func<Task> Work)>> TabletsAsync(
        ClusterContext context, Node witness, ImmutableArray<string> keyspaces, CancellationToken ct)
    {
        var api = context.Api(witness);
        var work = new LongWork(context, witness, "tablets", "user_repair");
        var units = ImmutableArray.CreateBuilder<(string, Func<Task>)>();
        foreach (var keyspace in keyspaces)
        {
            units.AddRange((await api.TablesAsync(keyspace, ct)).Select(table => (
                $"tablets of {keyspace}.{table}", (Func<Task>)(() => work.RunAsync(keyspace, table, token => api.StartTabletRepairAsync(keyspace, table, token), ct)))));
        }

        return units.ToImmutable();
    }

    /// <summary>A keyspace that was dropped, a ring that changed: what was begun under the name of then may be under way all the same.</summary>
    private static async Task FinishOpenAsync(ClusterContext context, ImmutableArray<(string Unit, Func<Task> Work)> units, CancellationToken ct)
    {
        if (await context.Units.FinishAsync(units) is not { } gone)
        {
            return;
        }

        context.Log.Write($"{gone}: begun before, and no such part of the repair any more; waiting until nothing repairs");
        while (await new RepairFinished().WhyNotAsync(context, ct) is not null)
        {
            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    private async Task<ImmutableArray<string>> WantedAsync(ScyllaApi api, bool tablets, CancellationToken ct) =>
        [.. (await api.KeyspacesAsync(tablets, ct)).Where(k => Keyspaces.Count == 0 || Keyspaces.Contains(k, StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
}
