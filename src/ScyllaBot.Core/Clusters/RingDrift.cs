using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Clusters;

/// <summary>Where the inventory and the ring disagree: any difference blocks, for then we do not know what we would touch (R24, R27).</summary>
public static class RingDrift
{
    public static async Task<ImmutableArray<string>> FindAsync(ClusterSnapshot snapshot, IReadOnlySet<string> mayBeOut, IHttpExchange http, CancellationToken ct)
    {
        var cluster = snapshot.Cluster;
        var witness = snapshot.Views.FirstOrDefault(v => v.Serves && v.HostIds is not null);
        if (witness is null)
        {
            return [$"{cluster.Name}: no node serves that could tell the ring; nothing was changed."];
        }

        var found = IdentityDrift(cluster, witness, mayBeOut).ToBuilder();
        var api = new ScyllaApi(witness.Node, http, new StepStamp("plan", "-", 0, 0));
        foreach (var node in cluster.Nodes.Where(n => witness.HostIds!.ContainsKey(n.Address)))
        {
            var zone = new Zone(await api.DatacenterAsync(node.Address, ct), await api.RackAsync(node.Address, ct));
            if (zone != node.Zone)
            {
                found.Add($"{node.Name}: the inventory says zone {node.Zone}, the ring says {zone}; correct the inventory.");
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Identity only, as the first node that serves tells it; none when nobody can be asked.</summary>
    public static ImmutableArray<string> IdentityDrift(ClusterSnapshot snapshot, IReadOnlySet<string> mayBeOut) =>
        snapshot.Views.FirstOrDefault(v => v.Serves && v.HostIds is not null) is { } witness ? IdentityDrift(snapshot.Cluster, witness, mayBeOut) : [];

    /// <summary>Nodes that the job itself takes out of the ring, or is about to bring in.</summary>
    internal static IReadOnlySet<string> MayBeOut(Workflow workflow, IEnumerable<string> targets) =>
        workflow.ClusterTasks.Select(s => s.Task).OfType<NodeWorkflow>().Any(nodes => nodes.NodeTasks.Any(s => s.Task is IChangesMembership))
            ? targets.ToImmutableSortedSet(StringComparer.Ordinal) : ImmutableSortedSet<string>.Empty;

    /// <summary>Identity only, from one view.</summary>
    public static ImmutableArray<string> IdentityDrift(Cluster cluster, NodeView witness, IReadOnlySet<string>? mayBeOut = null)
    {
        var ids = witness.HostIds ?? ImmutableSortedDictionary<string, Guid>.Empty;
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var node in cluster.Nodes)
        {
            if (!ids.TryGetValue(node.Address, out var id))
            {
                if (mayBeOut?.Contains(node.Name) == true)
                {
                    continue;
                }

                found.Add($"{node.Name} ({node.Address}) is in the inventory, but not in the ring as {witness.Node.Name} knows it.");
            }
            else if (id != node.HostId)
            {
                found.Add($"{node.Name}: {node.Address} now has host id {id}, the inventory says {node.HostId}; another machine has its address.");
            }
        }

        found.AddRange(ids.Where(i => cluster.FindByAddress(i.Key) is null).Select(i => $"{i.Key} is in the ring, but not in the inventory."));
        return found.ToImmutable();
    }
}
