using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Peers;

/// <summary>
/// One node's honest view of the others: a heartbeat to each every second; DOWN at once at a shutdown message, and after a silence at the
/// first heartbeat that fails (facts/scylla.md 5.3). A process that was frozen itself first asks before it judges.
/// </summary>
internal sealed class PeerWatch : IWorldObserver
{
    /// <summary>As Scylla's gossip round.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly SimNode _self;
    private readonly IPeerWire _wire;
    private readonly TimeSpan _silence;
    private readonly List<Peer> _peers;
    private bool _heard;

    /// <summary>Begins to listen as soon as the node gossips. Call inside the agenda.</summary>
    /// <param name="self">The node of this process.</param>
    /// <param name="world">Its world.</param>
    /// <param name="wire">To the others.</param>
    /// <param name="silence">How long a peer may be silent until it counts as DOWN.</param>
    public PeerWatch(SimNode self, SandboxWorld world, IPeerWire wire, TimeSpan silence)
    {
        (_self, _wire, _silence) = (self, wire, silence);
        _peers = [.. self.Cluster.Nodes.Where(node => node != self).Select(node => new Peer(node))];
        world.Watch(this);
        foreach (var peer in _peers)
        {
            var first = self.Cluster.Dice.Unit($"beat/{self.Id.Name}/{peer.Node.Id.Name}") * Beat;
            self.Cluster.Agenda.After(first, () => Next(peer));
        }
    }

    public void NodeChanged(SimNode node)
    {
        if (node != _self || node.Hears == _heard)
        {
            return;
        }

        _heard = node.Hears;
        foreach (var peer in _peers)
        {
            if (_heard)
            {
                Ask(peer);
            }
            else
            {
                _ = _wire.TellAsync(peer.Node.Id.Name, new PeerLeave(_self.Id.Name, _self.Generation));
            }
        }
    }

    public void EffectRecorded(Effect effect)
    {
        // Views follow states, not effects.
    }

    public void FaultTold(string what, Fault fault, string? node)
    {
        // Faults of a bed are made of real signals, cables and power.
    }

    /// <summary>A peer's shutdown message. Call inside the agenda.</summary>
    public void Heard(PeerLeave leave)
    {
        var peer = _peers.Find(p => string.Equals(p.Node.Id.Name, leave.Name, StringComparison.Ordinal));
        if (peer is not null && leave.Generation >= peer.Node.Generation)
        {
            // An answer that is on its way was given before.
            peer.Asked++;
            peer.IsAsking = false;
            Down(peer);
        }
    }

    private void Next(Peer peer)
    {
        _self.Cluster.Agenda.After(Beat, () => Next(peer));
        Ask(peer);
    }

    private void Ask(Peer peer)
    {
        if (_self.Hears && !peer.IsAsking)
        {
            peer.IsAsking = true;
            _ = AskAsync(peer, ++peer.Asked);
        }
    }

    private async Task AskAsync(Peer peer, int asked)
    {
        var said = await _wire.AskAsync(peer.Node.Id.Name);
        _self.Cluster.Agenda.Run(() =>
        {
            if (asked == peer.Asked)
            {
                peer.IsAsking = false;
                Answered(peer, said);
            }
        });
    }

    private void Answered(Peer peer, PeerState? said)
    {
        var now = _self.Cluster.Agenda.Now;
        if (said is { } state && state.Generation >= peer.Node.Generation)
        {
            peer.LastHeard = now;
            if (state.Generation > peer.Node.Generation)
            {
                // It was restarted: whatever was thought of the old process is void.
                _self.Cluster.Gossip.Set(_self, peer.Node, up: false);
            }

            peer.Node.Mirror(state);
            if (peer.Node.Visible)
            {
                _self.Cluster.Gossip.Set(_self, peer.Node, up: true);
            }

            return;
        }

        peer.Node.Silent();
        if (peer.LastHeard is not { } last || now - last > _silence)
        {
            Down(peer);
        }
    }

    private void Down(Peer peer)
    {
        peer.LastHeard = null;
        _self.Cluster.Gossip.Set(_self, peer.Node, up: false);
        peer.Node.Left();
    }

    private sealed class Peer(SimNode node)
    {
        public SimNode Node => node;

        /// <summary>Null: never, or not since it was given up.</summary>
        public DateTimeOffset? LastHeard { get; set; }

        /// <summary>Numbers the questions: an answer to an older one is too late.</summary>
        public int Asked { get; set; }

        public bool IsAsking { get; set; }
    }
}
