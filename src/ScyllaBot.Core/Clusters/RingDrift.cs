using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Clusters;

/// <summary>Where the inventory and the ring disagree: any difference blocks, for then we do not know what we would touch (R24, R27).</summary>
public static class RingDrift
{
    private const int LongestError = 300;

    /// <param name="snapshot">Whose.</param>
    /// <param name="mayBeOut">Whose absence is meant.</param>
    /// <param name="http">Port.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="mayFound">That there is no ring yet is meant too.</param>
    public static async Task<ImmutableArray<string>> FindAsync(ClusterSnapshot snapshot, IReadOnlySet<string> mayBeOut, IHttpExchange http, CancellationToken ct, bool mayFound = false)
    {
        var cluster = snapshot.Cluster;
        var witness = snapshot.TellingRing();
        if (witness is null && cluster.IsUnborn && mayFound)
        {
            return [.. snapshot.Views.Where(v => v.SaysItServes).Select(v => $"{v.Node.Name} serves already, in a ring of its own: nobody knows whose; nothing was changed.")];
        }

        if (witness is null)
        {
            return [$"{cluster.Name}: the ring could not be read: {WhyUnread(snapshot)}; nothing was changed."];
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

    /// <summary>Why no node told who is in the ring, by the first error; null when one did. Nothing is compared then, so nothing differs either.</summary>
    public static string? WhyUnread(ClusterSnapshot snapshot)
    {
        if (snapshot.TellingRing() is not null)
        {
            return null;
        }

        var first = snapshot.Views.OrderByDescending(v => v.Serves).Select(v => v.Unreadable ?? v.Silence).FirstOrDefault(w => w is not null);
        var error = first is null ? "" : $": {Shortened.To(first, LongestError)}";
        return snapshot.Views.Any(v => v.Serves) ? $"no node that serves told it{error}"
            : snapshot.Views.All(v => v.Mode is null) ? $"no node answered{error}"
            : $"no node serves ({string.Join(", ", snapshot.Views.Where(v => v.Mode is not null).Take(3).Select(v => $"{v.Node.Name} is {v.Mode}"))}){error}";
    }

    /// <summary>Identity only, as the first node that serves tells it; none when nobody can be asked.</summary>
    public static ImmutableArray<string> IdentityDrift(ClusterSnapshot snapshot, IReadOnlySet<string> mayBeOut) =>
        snapshot.TellingRing() is { } witness ? IdentityDrift(snapshot.Cluster, witness, mayBeOut) : [];

    /// <summary>Identity only, from one view.</summary>
    public static ImmutableArray<string> IdentityDrift(Cluster cluster, NodeView witness, IReadOnlySet<string>? mayBeOut = null)
    {
        var ids = witness.HostIds ?? ImmutableSortedDictionary<string, Guid>.Empty;
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var node in cluster.Nodes)
        {
            if (!ids.TryGetValue(node.Address, out var id))
            {
                // Without an identity it has never been in the ring, and nobody misses it.
                if (!node.IsInRing || mayBeOut?.Contains(node.Name) == true)
                {
                    continue;
                }

                found.Add($"{node.Name} ({node.Address}) is in the inventory, but not in the ring as {witness.Node.Name} knows it.");
            }
            else if (!node.IsInRing)
            {
                found.Add($"{node.Name} ({node.Address}) was not in the ring and is now, with host id {id}, and not by this job.");
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
