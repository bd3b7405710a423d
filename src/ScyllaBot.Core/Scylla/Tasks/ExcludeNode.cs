using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Marks a node that is dead for good, so that topology work need not wait for it (facts 1.9). Undone only by replacing or removing it.</summary>
[PointOfNoReturn("the node is banned for good; it can only be removed or replaced")]
[Tag("exclude-node", "Exclude dead Scylla node", Direction.Neutral, Risk.Destructive, Interruptible.AtCheck)]
[Example("fenced_host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c")]
public sealed record ExcludeNode : INodeTask, IRefusesClusters
{
    [Description("Host id of the node, typed by whoever made sure that its machine can never start again"), RegularExpression(HostIds.Pattern)]
    public required string FencedHostId { get; init; }

    private static readonly EnabledHere Enabled = new("exclude-node", OnlyInProduction: false);

    public IReadOnlyList<INodeCondition> Preconditions => UnlessBegun.All(
        async (context, ct) => (await Asked(context).ExcludedAsync(ct)).Contains(context.Node.HostId),
        Enabled, new DeadEverywhere(c => [c.Node.HostId]));

    public string? WhyNever(Cluster cluster, Inventory inventory) => Enabled.WhyNever(cluster);

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var host = context.Node.HostId;
        if (!Guid.TryParse(FencedHostId, out var fenced) || fenced != host)
        {
            throw new UnrecoverableException($"{context.Node.Name} has the host id {host}, and {FencedHostId} was said to be fenced");
        }

        if ((await Asked(context).ExcludedAsync(ct)).Contains(host))
        {
            context.Log.Write("Already excluded");
            return;
        }

        await Asked(context).ExcludeNodesAsync([host], ct);
        if (!(await Asked(context).ExcludedAsync(ct)).Contains(host))
        {
            throw new UnrecoverableException($"exclude_node answered, but {host} is not among the excluded");
        }
    }

    private static Clients.ScyllaApi Asked(NodeContext context) => context.Api(Membership.FirstBut(context, [context.Node]));
}
