using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class GossipTests
{
    [Fact]
    public void A_crash_is_seen_twenty_to_twenty_two_seconds_later_not_by_all_at_once()
    {
        using var bed = new TestBed();
        var node = bed.Node("d", 3);
        var peers = bed.Messages.Nodes.Where(peer => peer != node).ToArray();
        bed.Arm(FaultKind.NodeDies, node);

        bed.Time.Advance(19.9);
        Assert.All(peers, peer => Assert.False(bed.SeesDown(peer, node)));
        bed.Time.Advance(1.1);
        Assert.InRange(peers.Count(peer => bed.SeesDown(peer, node)), 1, peers.Length - 1);
        bed.Time.Advance(1.1);
        Assert.All(peers, peer => Assert.True(bed.SeesDown(peer, node)));
    }

    [Fact]
    public void After_a_return_each_peer_sees_it_up_in_its_own_time()
    {
        using var bed = new TestBed();
        var node = bed.Node("d", 3);
        var peers = bed.Messages.Nodes.Where(peer => peer != node).ToArray();
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");

        var at = bed.Elapsed();
        var seen = peers.ToDictionary(peer => peer, _ => 0.0);
        bed.Until(() =>
        {
            foreach (var peer in peers.Where(peer => seen[peer] == 0 && !bed.SeesDown(peer, node)))
            {
                seen[peer] = bed.Elapsed() - at;
            }

            return seen.Values.All(value => value > 0);
        });
        Assert.All(seen.Values, seconds => Assert.InRange(seconds, 0.9, 5.1));
        Assert.True(seen.Values.Distinct().Count() >= 6, "the views change almost together");
    }

    [Fact]
    public void The_restarted_node_finds_its_peers_one_by_one_too()
    {
        using var bed = new TestBed();
        var node = bed.Node("d", 3);
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "JOINING");

        Assert.Equal(8, bed.Read<string[]>(node, "/gossiper/endpoint/down").Length);
        bed.Until(() => bed.Read<string[]>(node, "/gossiper/endpoint/down").Length is > 0 and < 8);
        bed.Until(() => bed.Read<string[]>(node, "/gossiper/endpoint/down").Length == 0, atMost: 3);
    }

    [Fact]
    public void A_node_that_does_not_gossip_keeps_its_last_view()
    {
        using var bed = new TestBed();
        var drained = bed.Node("b", 1);
        _ = bed.CallAsync(drained, "POST", "/storage_service/drain");
        bed.Until(() => bed.Mode(drained) == "DRAINED");
        bed.Run(bed.Node("d", 3), "systemctl stop scylla-server");

        Assert.False(bed.SeesDown(drained, bed.Node("d", 3)));
        Assert.True(bed.SeesDown(bed.Node("b", 2), bed.Node("d", 3)));
    }

    [Fact]
    public void A_crashed_node_that_was_started_is_up_in_every_view_and_sees_all()
    {
        using var bed = new TestBed();
        var node = bed.Node("d", 3);
        bed.Arm(FaultKind.NodeDies, node);
        bed.Run(node, "systemctl start scylla-server");
        bed.Time.Advance(30);

        Assert.All(bed.Messages.Nodes, peer => Assert.Equal(9, bed.Read<string[]>(peer, "/gossiper/endpoint/live").Length));
    }

    [Fact]
    public void Stopping_gossip_by_hand_looks_down_to_peers_while_the_node_says_normal()
    {
        using var bed = new TestBed();
        var node = bed.Node("d", 3);
        _ = bed.CallAsync(node, "DELETE", "/storage_service/gossiping");

        Assert.Equal("NORMAL", bed.Mode(node));
        Assert.True(bed.SeesDown(bed.Node("b", 1), node));
        _ = bed.CallAsync(node, "POST", "/storage_service/gossiping");
        bed.Time.Advance(6);
        Assert.True(bed.Verdict().Healthy);
    }
}
