using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Http;

/// <summary>A node as `/sandbox/clusters` and the `node` event show it: the truth, not anybody's view.</summary>
internal sealed record NodeView(
    string Cluster,
    string Name,
    string Address,
    Guid HostId,
    string Dc,
    string Rack,
    string Process,
    string? Mode,
    bool Cql,
    IReadOnlyList<string> UpFor,
    IReadOnlyList<string> DownFor,
    int Compactions,
    IReadOnlyList<string> Faults,
    long Generation,
    DateTimeOffset Since)
{
    /// <summary>Call inside the agenda.</summary>
    public static NodeView Of(SimNode node)
    {
        var cluster = node.Cluster;
        var peers = cluster.Nodes.Where(peer => peer != node && peer.Hears)
            .ToLookup(peer => cluster.Gossip.SeesUp(peer, node), peer => peer.Id.Address);
        return new NodeView(
            node.Id.Cluster,
            node.Id.Name,
            node.Id.Address,
            node.Id.HostId,
            node.Id.Dc,
            node.Id.Rack,
            Wire.Kebab(node.Process),
            node.Mode?.ToString().ToUpperInvariant(),
            node.Cql,
            [.. peers[true]],
            [.. peers[false]],
            node.Phase >= StartPhase.Services ? node.RunningCompactions + node.PendingCompactions : 0,
            [.. FaultsOn(node)],
            node.Generation,
            node.Since);
    }

    private static IEnumerable<string> FaultsOn(SimNode node)
    {
        var acting = new List<string>();
        if (node.DrainHung)
        {
            acting.Add(Wire.Kebab(FaultKind.DrainHangs));
        }

        if (node.Compactions.Stuck(node.Cluster.Agenda.Now))
        {
            acting.Add(Wire.Kebab(FaultKind.CompactionsStuck));
        }

        var waiting = node.Cluster.Faults.Waiting
            .Where(fault => string.Equals(fault.Node, node.Id.Name, StringComparison.Ordinal))
            .Select(fault => Wire.Kebab(fault.Kind));
        return acting.Concat(waiting).Distinct(StringComparer.Ordinal);
    }
}
