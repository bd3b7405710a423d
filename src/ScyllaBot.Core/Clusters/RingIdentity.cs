namespace ScyllaBot.Core.Clusters;

/// <summary>Who is who, as the ring itself tells it: the inventory names machines before they are members, and learns nobody's identity by itself.</summary>
internal static class RingIdentity
{
    /// <summary>The cluster with the identity of every node that has none in the inventory and is in the ring by its address.</summary>
    /// <param name="cluster">As the inventory has it.</param>
    /// <param name="views">Of its nodes.</param>
    public static Cluster Resolve(Cluster cluster, ImmutableArray<NodeView> views) =>
        cluster.Nodes.All(n => n.IsInRing) || RingOf(cluster, views) is not { } ring
            ? cluster : cluster.With(n => n.IsInRing ? n.HostId : ring.GetValueOrDefault(n.Address));

    /// <summary>Address → host id by the word of a member, which is one that the inventory knows; null: nobody can be believed.</summary>
    private static ImmutableSortedDictionary<string, Guid>? RingOf(Cluster cluster, ImmutableArray<NodeView> views)
    {
        var telling = views.Where(v => v is { SaysItServes: true, HostIds: not null }).ToArray();
        if (!cluster.IsUnborn)
        {
            return Array.Find(telling, v => v.Node.IsInRing && v.HostIds!.GetValueOrDefault(v.Node.Address) == v.Node.HostId)?.HostIds;
        }

        // The file knows nobody: then all who serve must tell the same ring with themselves in it. Two rings of one name are nobody's (facts 7.18).
        return telling is [var first, ..]
            && telling.All(v => v.HostIds!.ContainsKey(v.Node.Address) && v.HostIds!.SequenceEqual(first.HostIds!)) ? first.HostIds : null;
    }

    /// <summary>What the ring calls a node that a job is about, where that is not what the job knows it by; null: nothing new.</summary>
    /// <param name="snapshot">As the job sees it.</param>
    /// <param name="node">As the job knows it.</param>
    /// <param name="mayFound">There is no ring yet, and this node may be the first of one.</param>
    public static Guid? LearnedOf(ClusterSnapshot snapshot, Node node, bool mayFound)
    {
        var own = snapshot.Of(node);
        if (snapshot.Cluster.IsUnborn)
        {
            return mayFound && own is { SaysItServes: true, HostIds: { } alone } && alone.TryGetValue(node.Address, out var founder) ? founder : null;
        }

        var witnesses = snapshot.Witnesses.Where(v => v.HostIds is not null && v.Node.Name != node.Name).ToArray();
        return witnesses.Select(v => v.HostIds!.GetValueOrDefault(node.Address)).FirstOrDefault(id => id != Guid.Empty) is var id
            && id != Guid.Empty && id != node.HostId && !witnesses.Any(v => v.HostIds!.ContainsValue(node.HostId)) ? id : null;
    }
}
