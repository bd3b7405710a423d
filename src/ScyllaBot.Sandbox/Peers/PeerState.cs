using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>What a node answers to another one's heartbeat. Only one that gossips answers at all.</summary>
internal sealed record PeerState(
    string Name, long Generation, OperationMode? Mode, bool Gossiping, bool Joined, bool Cql, DateTimeOffset ProcessStart)
{
    /// <summary>Null while the node does not gossip, or has announced its shutdown. Call inside the agenda.</summary>
    public static PeerState? Of(SimNode node) => !node.Hears
        ? null
        : new PeerState(node.Id.Name, node.Generation, node.Mode, node.Gossiping, node.Visible, node.Cql, node.ProcessStart);
}

/// <summary>The shutdown message: whoever hears it sees the sender DOWN at once. An older generation's is no news.</summary>
internal sealed record PeerLeave(string Name, long Generation);
