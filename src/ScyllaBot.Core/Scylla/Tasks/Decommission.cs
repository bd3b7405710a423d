using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Empties a node and takes it out of the ring (facts 1.11, 4.8). It serves until its data is elsewhere, so it takes nothing down. Asked for
/// once; while its tablets move it looks idle, which only the task manager tells (facts 7.38).
/// </summary>
[PointOfNoReturn("the node is out of the ring; it comes back only by a wipe and a join", NeedsTwo = true)]
[Tag("decommission", "Decommission Scylla node", Direction.Neutral, Risk.Destructive, Interruptible.No)]
[Example("max_disk_percent: 70")]
public sealed record Decommission : INodeTask, IRefusesClusters, IChangesMembership, IMovesData, ILasts
{
    /// <value>Default 70: what streaming and compaction need besides is not counted.</value>
    [Description("Fullest that the disk of a remaining node may become; 0 asks for no room"), Range(0, 95)]
    public int MaxDiskPercent { get; init; } = 70;

    /// <value>Default false.</value>
    [Description("Cleanup was done since the last node joined; believed only where CQL does not tell")]
    public bool CleanupDone { get; init; }

    private static readonly EnabledHere Enabled = new("decommission", OnlyInProduction: true);

    public IReadOnlyList<INodeCondition> Preconditions => UnlessBegun.All(
        HasBegunAsync,
        Enabled, new QuorumSafe(), new ClusterNormal(), new NoTopologyChange(),
        new NothingOwed(DebtKind.Cleanup), new CleanedUp(CleanupDone), new FitsWithout(MaxDiskPercent));

    public string? WhyNever(Cluster cluster, Inventory inventory) => Enabled.WhyNever(cluster);

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        await Of(context).RunAsync(() => context.Scylla.DecommissionAsync(ct), async (_, _) => await WhyNotGoneAsync(context, ct) is null, ct);
        context.Log.Write("Decommissioned: stop and disable the service next; its data must be wiped before the machine joins again");
    }

    private static Movement Of(NodeContext context) => new(context, "decommission", context.Node.HostId, context.Node);

    private static async Task<bool> HasBegunAsync(NodeContext context, CancellationToken ct) =>
        await WhyNotGoneAsync(context, ct) is null || await Of(context).RunsAsync(ct);

    /// <summary>DECOMMISSIONED by its own word where it still runs, and unknown to every other node (facts 4.8).</summary>
    private static async Task<string?> WhyNotGoneAsync(NodeContext context, CancellationToken ct)
    {
        var mode = await context.Scylla.OperationModeAsync(ct);
        return mode is null or "DECOMMISSIONED"
            ? await Membership.WhyStillKnownAsync(context, context.Node.HostId, [context.Node], ct)
            : $"{context.Node.Name} is {mode}";
    }
}
