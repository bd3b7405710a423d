using System.Globalization;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>
/// Those that stay can hold what the node holds: as many nodes in its datacenter as the largest RF, another home in its rack for every tablet,
/// and disk room. Scylla checks the first two late and the third never (facts 4.8, 7.21).
/// </summary>
/// <param name="MaxDiskPercent">Fullest that a node may be afterwards; 0 = do not ask.</param>
internal sealed record FitsWithout(int MaxDiskPercent) : INodeCondition
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Title => "Cluster fits without the node";

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        var witness = snapshot.Serving(context.Node.Name)
            ?? throw new RecoverableException($"no node of {context.Cluster.Name} but {context.Node.Name} serves");
        var known = witness.HostIds?.Values.ToImmutableArray() ?? [];
        var left = context.Cluster.Nodes.Where(n => n.HostId != context.Node.HostId && known.Contains(n.HostId)).ToArray();
        var (factor, inRack) = await LargestAsync(context, context.Api(witness.Node), ct);

        var zone = context.Node.Zone;
        var inDatacenter = left.Where(n => n.Zone.Datacenter == zone.Datacenter).ToArray();
        var rack = inDatacenter.Where(n => n.Zone == zone).ToArray();
        return inDatacenter.Length < factor.Replicas
                ? $"{zone.Datacenter} would keep {inDatacenter.Length} nodes, {factor.Keyspace} has {factor.Replicas} replicas there"
            : rack.Length < inRack.Replicas
                ? $"{zone} would keep {rack.Length} nodes, {inRack.Keyspace} has {inRack.Replicas} tablet replicas there"
            : MaxDiskPercent == 0 ? null
            : await WhyNoRoomAsync(context, witness.Node, HeirsOf(inDatacenter, rack, factor.Replicas), ct);
    }

    /// <summary>With as many replicas as racks each rack holds all data, and what a node leaves stays in its rack.</summary>
    private static Node[] HeirsOf(Node[] inDatacenter, Node[] rack, int replicas) =>
        rack.Length > 0 && inDatacenter.Select(n => n.Zone).Distinct().Count() <= replicas ? rack : inDatacenter;

    /// <summary>The keyspace with most replicas of a range in the node's datacenter, and the one with most tablet replicas in its rack.</summary>
    private static async Task<((string Keyspace, int Replicas) Datacenter, (string Keyspace, int Replicas) Rack)> LargestAsync(
        NodeContext context, ScyllaApi api, CancellationToken ct)
    {
        var zone = context.Node.Zone;
        (string, int Replicas) datacenter = ("nothing", 1);
        (string, int Replicas) rack = ("nothing", 0);
        foreach (var keyspace in await api.KeyspacesAsync(tablets: false, ct))
        {
            var most = Most(await api.DescribeRingAsync(keyspace, null, ct), r => r.Datacenter == zone.Datacenter);
            datacenter = most > datacenter.Replicas ? (keyspace, most) : datacenter;
        }

        foreach (var keyspace in await api.KeyspacesAsync(tablets: true, ct))
        {
            foreach (var table in await api.TablesAsync(keyspace, ct))
            {
                var ring = await api.DescribeRingAsync(keyspace, table, ct);
                var (most, here) = (Most(ring, r => r.Datacenter == zone.Datacenter), Most(ring, r => r.Datacenter == zone.Datacenter && r.Rack == zone.Rack));
                datacenter = most > datacenter.Replicas ? (keyspace, most) : datacenter;
                rack = here > rack.Replicas ? (keyspace, here) : rack;
            }
        }

        return (datacenter, rack);
    }

    private static int Most(ImmutableArray<RingRange> ring, Func<RingReplica, bool> counts) => ring.Max(range => (int?)range.Replicas.Count(counts)) ?? 0;

    private async Task<string?> WhyNoRoomAsync(NodeContext context, Node witness, Node[] heirs, CancellationToken ct)
    {
        var told = await TopologyView.DisksAsync(context, witness, ct) ?? [];
        var leaving = await DiskAsync(context, context.Node, told, ct);
        foreach (var heir in heirs)
        {
            var disk = await DiskAsync(context, heir, told, ct);
            var percent = 100 * (disk.Load + (leaving.Load / heirs.Length)) / disk.Capacity;
            context.Observe(new Reading($"disk of {heir.Name} afterwards", percent, "%", told.IsEmpty ? "df" : "system.load_per_node") { Bound = MaxDiskPercent });
            if (percent > MaxDiskPercent)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the disk of {heir.Name} would be {percent:0} % full without {context.Node.Name}, more than {MaxDiskPercent} %");
            }
        }

        return null;
    }

    private static async Task<NodeDisk> DiskAsync(NodeContext context, Node node, ImmutableArray<NodeDisk> told, CancellationToken ct)
    {
        if (told.FirstOrDefault(d => d.HostId == node.HostId) is { } disk)
        {
            return disk;
        }

        var result = await NodeCommands.ReadAsync(context.Commands, node, ["df", "-B1", "--output=used,size", "/var/lib/scylla"], Patience, ct);
        var numbers = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return result.Exit == 0 && numbers is [var used, var size]
            && double.TryParse(used, CultureInfo.InvariantCulture, out var load) && double.TryParse(size, CultureInfo.InvariantCulture, out var capacity) && capacity > 0
                ? new NodeDisk(node.HostId, load, capacity)
                : throw new RecoverableException($"{node.Name}: df: exit {result.Exit}: {CommandOutput.Tail(result.Output)}");
    }
}
