using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Takes a dead node out of the ring for ever (facts 1.12, 4.9). It and all ignored ones are banned even when it fails, so: off unless the
/// inventory enables it, dead in all views for half an hour, and its host id typed by whoever has fenced it (R17). Prefer to replace it.
/// </summary>
[PointOfNoReturn("the dead node's replicas; it can not come back but by a wipe and a join", NeedsTwo = true)]
[Tag("remove-node", "Remove dead Scylla node", Direction.Neutral, Risk.Destructive, Interruptible.No)]
[Example("fenced_host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c")]
public sealed record RemoveNode : INodeTask, IRefusesClusters, IChangesMembership, IMovesData, ILasts
{
    [Description("Host id of the node, typed by whoever made sure that its machine can never start again"), RegularExpression(HostIds.Pattern)]
    public required string FencedHostId { get; init; }

    /// <value>Default empty.</value>
    [Description("Host ids of other dead, fenced nodes that need not take part; banned as well")]
    public IReadOnlyList<string> IgnoreHostIds { get; init; } = [];

    private static readonly EnabledHere Enabled = new("remove-node", OnlyInProduction: false);

    public IReadOnlyList<INodeCondition> Preconditions => UnlessBegun.All(
        HasBegunAsync,
        Enabled, new DeadEverywhere(c => [c.Node.HostId, .. HostIds.Parse(IgnoreHostIds)]),
        new NothingOwed(DebtKind.Cleanup), new NoTopologyChange(), new FitsWithout(MaxDiskPercent: 0));

    public string? WhyNever(Cluster cluster, Inventory inventory) => Enabled.WhyNever(cluster);

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var host = context.Node.HostId;
        if (!Guid.TryParse(FencedHostId, out var fenced) || fenced != host)
        {
            throw new UnrecoverableException($"{context.Node.Name} has the host id {host}, and {FencedHostId} was said to be fenced");
        }

        var ignored = HostIds.Parse(IgnoreHostIds);
        var dead = context.Cluster.Nodes.Where(n => n.HostId == host || ignored.Contains(n.HostId)).ToArray();
        var asked = Membership.FirstBut(context, dead);
        await new Movement(context, "remove node", host, asked).RunAsync(
            () => context.Api(asked).RemoveNodeAsync(host, ignored, ct),
            async (_, _) => await Membership.WhyStillKnownAsync(context, host, dead, ct) is null, ct);
        context.Log.Write($"{host} is out of the ring and banned: its machine must never start Scylla with that data again");
    }

    private async Task<bool> HasBegunAsync(NodeContext context, CancellationToken ct)
    {
        var ignored = HostIds.Parse(IgnoreHostIds);
        var dead = context.Cluster.Nodes.Where(n => n.HostId == context.Node.HostId || ignored.Contains(n.HostId)).ToArray();
        return await Membership.WhyStillKnownAsync(context, context.Node.HostId, dead, ct) is null
            || await new Movement(context, "remove node", context.Node.HostId, Membership.FirstBut(context, dead)).RunsAsync(ct);
    }
}
