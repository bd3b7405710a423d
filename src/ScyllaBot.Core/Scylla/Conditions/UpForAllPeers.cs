using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// The node serves, every other node sees it up under its host id, and it sees them; other held nodes are excepted, and whom the job took out of the ring (R2). On a job's way out so is
/// a peer that does not serve and that everybody who answers sees down: otherwise a node that died would keep ours from its end (R4).
/// </summary>
[Tag("up-for-all-peers", "Node is up for all peers")]
[Example("")]
public sealed record UpForAllPeers : INodeCondition, ITellsHealth
{
    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        var held = context.Held();
        var subject = snapshot.Of(context.Node);
        var dead = DeadOf(context, snapshot);
        var gone = snapshot.OutOfRing(context.MayBeOut);
        var why = WhyNotServing(subject) ?? snapshot.Members
            .Where(peer => peer.Node.Name != context.Node.Name && !held.Contains(peer.Node.Name) && !dead.Contains(peer.Node.Name) && !gone.Contains(peer.Node.Name))
            .Select(peer => WhyNotBetween(subject, peer))
            .FirstOrDefault(why => why is not null);
        if (why is null && dead.Length > 0)
        {
            context.Log.Write($"Warning: {string.Join(", ", dead)} excepted: it does not serve, and everybody who answers sees it down");
        }

        return why;
    }

    private static string[] DeadOf(NodeContext context, ClusterSnapshot snapshot)
    {
        string[] dead = context.IsWayOut()
            ? [.. context.Cluster.Members.Where(n => n.Name != context.Node.Name && snapshot.ServesNobody(n)).Select(n => n.Name)] : [];
        if (dead.Length > 0)
        {
            context.Observe(new Reading("peers excepted as down for everybody", dead.Length, "", string.Join(", ", dead)));
        }

        return dead;
    }

    internal static string? WhyNotServing(NodeView view) => view switch
    {
        { Serves: true } => null,
        { Node.IsInRing: false } => $"{view.Node.Name} is not in the ring yet: it is {view.Mode ?? "not answering"}, and no member knows {view.Node.Address}",
        { Mode: "NORMAL" } => $"{view.Node.Name} is NORMAL but CQL is {(view.Cql is null ? "not telling" : "closed")}",
        _ => $"{view.Node.Name} is {view.Mode ?? "not answering"}",
    };

    private static string? WhyNotBetween(NodeView subject, NodeView peer)
    {
        if (peer.Live is null || peer.HostIds is null)
        {
            return $"{peer.Node.Name} can not be asked what it sees";
        }

        return WhyNotSeen(peer, subject.Node)
            ?? (subject.Sees(peer.Node) ? null : $"{subject.Node.Name} does not see {peer.Node.Name} up");
    }

    /// <summary>Why <paramref name="witness"/> does not see the node up, as the node that the inventory means.</summary>
    internal static string? WhyNotSeen(NodeView witness, Node node)
    {
        if (!witness.Sees(node) || witness.SeesDown(node))
        {
            return $"{witness.Node.Name} does not see {node.Name} up";
        }

        return witness.HostIds is { } ids && ids.TryGetValue(node.Address, out var id) && id == node.HostId
            ? null
            : $"{witness.Node.Name} knows {node.Address} by another host id than the inventory";
    }
}
