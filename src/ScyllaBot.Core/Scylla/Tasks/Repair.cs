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
        if (Mode is not RepairMode.Tablets)
        {
            // Other ranges are another unit: whoever had the cluster in between may have changed the ring (R18).
            var ring = await Membership.RingAsync(context, ct);
            var since = await context.Units.SinceAsync(ring);
            var keyspaces = await WantedAsync(context.Api(witness), tablets: false, ct);
            foreach (var node in context is NodeContext subject ? [subject.Node] : await Membership.NowAsync(context, ct))
            {
                var repair = new VnodeRepair(context, node, since);
                foreach (var keyspace in keyspaces)
                {
                    await context.Units.RunAsync($"{ring}: {keyspace} on {node.Name}", () => repair.RunAsync(keyspace, ct));
                }
            }
        }

        if (Mode is not RepairMode.Vnodes)
        {
            await RepairTabletsAsync(context, witness, ct);
        }

        if (context is not NodeContext && Mode is not RepairMode.Tablets && await Membership.StrangerAsync(context, ct) is { } stranger)
        {
            throw new UnrecoverableException($"{stranger} is in the ring and not this job's to touch (R27), so its own ranges are not repaired; all others are. A new plan repairs them");
        }

        // Only the whole ring, every keyspace: less leaves some of what is missing where it is missing.
        if (context is not NodeContext && Mode == RepairMode.Both && Keyspaces.Count == 0)
        {
            await context.Debts.PayAsync(DebtKind.Repair, null, ct, before: context.Wait.Begun);
        }
    }

    private async Task RepairTabletsAsync(ClusterContext context, Node witness, CancellationToken ct)
    {
        var api = context.Api(witness);
        var work = new LongWork(context, witness, "tablets", "user_repair");
        foreach (var keyspace in await WantedAsync(api, tablets: true, ct))
        {
            foreach (var table in await api.TablesAsync(keyspace, ct))
            {
                await context.Units.RunAsync(
                    $"tablets of {keyspace}.{table}", () => work.RunAsync(keyspace, table, token => api.StartTabletRepairAsync(keyspace, table, token), ct));
            }
        }
    }

    private async Task<ImmutableArray<string>> WantedAsync(ScyllaApi api, bool tablets, CancellationToken ct) =>
        [.. (await api.KeyspacesAsync(tablets, ct)).Where(k => Keyspaces.Count == 0 || Keyspaces.Contains(k, StringComparer.Ordinal)).Order(StringComparer.Ordinal)];
}
