using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Writes <c>replace_node_first_boot</c> into a new machine's scylla.yaml, so that its first start takes a dead node's place (facts 4.7). Start
/// the service next. The dead node is fenced, dead for everybody, and of the same zone; the new one's disks are empty.
/// </summary>
[PointOfNoReturn("the dead node's identity is taken over; it can never come back", NeedsTwo = true)]
[Tag("prepare-replace", "Prepare the replacement of a dead node", Direction.Neutral, Risk.Destructive, Interruptible.AtCheck)]
[Example("fenced_host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c")]
public sealed record PrepareReplace : INodeTask, IRefusesClusters, IJoinsRing
{
    private const string Option = "replace_node_first_boot";

    [Description("Host id of the dead node, typed by whoever made sure that its machine can never start again"), RegularExpression(HostIds.Pattern)]
    public required string FencedHostId { get; init; }

    public IEnumerable<Guid> Ousted => Guid.TryParse(FencedHostId, out var host) ? [host] : [];

    private static readonly EnabledHere Enabled = new("prepare-replace", OnlyInProduction: true);

    public IReadOnlyList<INodeCondition> Preconditions => UnlessBegun.All(
        IsReplacedAsync, Enabled, new DeadEverywhere(_ => HostIds.Parse([FencedHostId])));

    public string? WhyNever(Cluster cluster, Inventory inventory) => Enabled.WhyNever(cluster);

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (await IsReplacedAsync(context, ct))
        {
            context.Log.Write($"{FencedHostId} is replaced already");
            return;
        }

        var host = HostIds.Parse([FencedHostId])[0];
        var dead = context.Cluster.Nodes.First(n => n.HostId == host);
        if (dead.Zone != context.Node.Zone)
        {
            throw new UnrecoverableException($"{context.Node.Name} is in {context.Node.Zone}, and {dead.Name} was in {dead.Zone}: a replacement must be in the same zone");
        }

        if (await Systemd.StateAsync(context, "scylla-server", ct) is not ("inactive" or "failed") and var state)
        {
            throw new UnrecoverableException($"{context.Node.Name}: scylla-server is {state}: {Option} counts at the first start only");
        }

        if (await NodeFiles.NamesAsync(context, "/var/lib/scylla/data", ct) is { Length: > 0 } names)
        {
            throw new UnrecoverableException($"{context.Node.Name}: /var/lib/scylla/data is not empty ({names[0]} …): wipe it first, or it never joins (facts 7.17)");
        }

        var before = await NodeFiles.ReadAsync(context, ScyllaYaml.Path, ct)
            ?? throw new UnrecoverableException($"{context.Node.Name} has no {ScyllaYaml.Path}");
        if (before.Split('\n').Where(l => l.Contains("seeds:", StringComparison.Ordinal)).SelectMany(l => l.Split('"', '\'', ',', ' ')).Contains(context.Node.Address, StringComparer.Ordinal))
        {
            throw new UnrecoverableException($"{context.Node.Name} names itself as a seed: it would begin a cluster of its own (facts 7.18)");
        }

        var after = ScyllaYaml.Merge(before, ConfigSetting.ParseAll([$"{Option}={host}"]));
        await NodeFiles.WriteAsync(context, ScyllaYaml.Path, after, mode: null, before, ct);
    }

    /// <summary>Nobody else knows the dead node any more.</summary>
    private async Task<bool> IsReplacedAsync(NodeContext context, CancellationToken ct)
    {
        var host = HostIds.Parse([FencedHostId])[0];
        var except = context.Cluster.Nodes.Where(n => n.HostId == host || n.Name == context.Node.Name).ToArray();
        return await Membership.WhyStillKnownAsync(context, host, except, ct) is null;
    }
}
