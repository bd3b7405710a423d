using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Oracle;

public sealed class QuorumOracleTests
{
    [Fact]
    public void An_untouched_sandbox_is_healthy_and_its_probes_succeed()
    {
        using var bed = new TestBed();
        bed.Time.Advance(30);
        var verdict = bed.Verdict();

        Assert.True(verdict.Healthy);
        Assert.Empty(verdict.Why);
        Assert.Equal((3, 2), (verdict.MinLive!.Live, verdict.MinLive.Needed));
        Assert.True(verdict.Probes.Ok > 1000);
        Assert.Equal(0, verdict.Probes.Failed);
    }

    [Fact]
    public void One_zone_down_loses_no_quorum()
    {
        using var bed = new TestBed();
        Stop(bed, bed.Rack("c"));
        var verdict = bed.Verdict();

        Assert.False(verdict.Healthy);
        Assert.False(verdict.QuorumEverLost);
        Assert.False(verdict.TwoZonesEver);
        Assert.Equal(3, verdict.MaxDown);
        Assert.Equal((2, 2), (verdict.MinLive!.Live, verdict.MinLive.Needed));
        Assert.Equal(0, verdict.Probes.Failed);
    }

    [Fact]
    public void Two_zones_down_lose_the_quorum_of_every_range_and_the_verdict_remembers()
    {
        using var bed = new TestBed();
        Stop(bed, bed.Rack("c").Concat(bed.Rack("d")));
        var broken = bed.Verdict();
        Assert.True(broken.QuorumEverLost);
        Assert.True(broken.TwoZonesEver);
        Assert.Equal((1, 2), (broken.MinLive!.Live, broken.MinLive.Needed));
        Assert.True(broken.Probes.Failed > 0);
        Assert.Equal(2 * 144, broken.Violations.Count(violation => violation.Kind == "quorum"));
        Assert.All(broken.Violations, violation => Assert.True(violation.Down.Length >= 2 && violation.Keyspace != "system_traces"));

        foreach (var node in bed.Messages.Nodes)
        {
            bed.Exec(node, "systemctl start scylla-server");
        }

        bed.Until(() => bed.Verdict().Healthy);
        Assert.True(bed.Verdict().QuorumEverLost);
        bed.World.Agenda.Run(bed.Oracle.Reset);
        Assert.False(bed.Verdict().QuorumEverLost);
        Assert.Empty(bed.Effects());
    }

    [Fact]
    public void Two_nodes_of_different_zones_lose_just_the_ranges_they_share()
    {
        using var bed = new TestBed();
        SimNode[] down = [bed.Node("b", 1), bed.Node("c", 1)];
        Stop(bed, down);

        var shared = bed.Messages.Ranges(bed.Messages.Keyspace("discord")!, null)
            .Count(range => down.All(node => range.Replicas.Contains(node.Id)));
        Assert.Equal(shared, bed.Verdict().Violations.Count(violation => violation is { Kind: "quorum", Keyspace: "discord" }));
        Assert.True(shared > 0);
    }

    [Fact]
    public void A_lost_tablet_names_its_table()
    {
        using var bed = new TestBed();
        Stop(bed, bed.Search.Nodes.Where(node => node.Id.Rack != "a"));

        Assert.Contains(bed.Verdict().Violations, v => v is { Cluster: "search-stg", Keyspace: "search", Table: "guild_shards" });
        Assert.False(bed.World.Agenda.Run(() => bed.Oracle.Verdict("messages-stg")!).QuorumEverLost);
    }

    [Fact]
    public void Taking_a_node_down_before_peers_see_the_last_one_up_loses_by_view_only()
    {
        using var bed = new TestBed();
        var first = bed.Node("b", 1);
        bed.Arm(FaultKind.GossipLag, first, seconds: 0.1);
        bed.Run(first, "systemctl restart scylla-server");
        bed.Until(() => first.Serves);
        var blind = bed.Messages.Nodes.Count(peer => peer != first && bed.SeesDown(peer, first));
        Assert.True(blind > 4, $"{blind} peers are blind: the seed gives no majority");
        bed.Exec(bed.Node("c", 1), "systemctl stop scylla-server");

        var verdict = bed.Verdict();
        Assert.True(verdict.PeerViewLost);
        Assert.False(verdict.QuorumEverLost);
        Assert.Contains(verdict.Violations, violation => violation.Kind == "peer-view");
    }

    [Fact]
    public async Task Balancing_left_off_is_not_healthy()
    {
        using var bed = new TestBed();
        var node = bed.Search.Nodes[0];
        await bed.CallAsync(node, "POST", "/storage_service/tablets/balancing?enabled=false", "j/1/1");
        Assert.Contains(bed.Verdict().Why, why => why.Contains("balancing", StringComparison.Ordinal));
        await bed.CallAsync(node, "POST", "/storage_service/tablets/balancing?enabled=true", "j/9/1");

        Assert.True(bed.Verdict().Healthy);
        Assert.Equal([("balancing-off", "j/1/1"), ("balancing-on", "j/9/1")], bed.Effects().Select(effect => (effect.Kind, effect.Step)));
    }

    [Fact]
    public void A_rolling_restart_that_waits_for_every_view_never_loses_anything()
    {
        using var bed = new TestBed();
        foreach (var node in bed.World.Nodes)
        {
            _ = bed.CallAsync(node, "POST", "/storage_service/drain", $"j/{node.Id.Name}/1");
            bed.Until(() => bed.Mode(node) == "DRAINED");
            bed.Run(node, "systemctl restart scylla-server");
            bed.Until(() => bed.Verdict().Healthy);
        }

        var verdict = bed.Verdict();
        Assert.False(verdict.QuorumEverLost || verdict.PeerViewLost || verdict.TwoZonesEver || verdict.RaftMajorityEverLost);
        Assert.Equal((1, 0L), (verdict.MaxDown, verdict.Probes.Failed));
        Assert.Equal(15 * 3, verdict.Effects);
    }

    private static void Stop(TestBed bed, IEnumerable<SimNode> nodes)
    {
        foreach (var node in nodes)
        {
            bed.Exec(node, "systemctl stop scylla-server");
        }

        bed.Time.Advance(20);
    }
}
