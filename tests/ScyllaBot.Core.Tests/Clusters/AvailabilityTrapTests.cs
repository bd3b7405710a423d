using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Clusters.Sketch;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>Where naive checks go wrong (facts/scylla.md 3.5), one by one; 8, 13 and 16 are asked of the reader and the engine, see there.</summary>
public sealed class AvailabilityTrapTests
{
    [Fact]
    public void Trap_1_two_of_three_up_is_no_answer_the_replica_set_is()
    {
        // Five of six are up in both cases.
        Assert.Null(Of(Six, Nts("ks", 3, "b1 c1 d1")).WhyNot(Down("b1")));
        Assert.NotNull(Of(Six, Nts("ks", 2, "b1 c1")).WhyNot(Down("b1")));
    }

    [Fact]
    public void Trap_2_whoever_is_down_in_anybodys_view_is_down()
    {
        var snapshot = Snapshot(v => v.Node.Name == "d2" ? v with { Live = Names("b1", "b2", "c2", "d1", "d2"), Down = Names("c1") } : v);
        Assert.Equal(["c1"], snapshot.DownInAnyView());
        Assert.NotNull(Of(Six, Nts("ks", 3, "b1 c1 d1")).WhyNot(snapshot.DownInAnyView().Add("b1")));
    }

    [Theory]
    [InlineData("STARTING", null, "d2", "d2")]
    [InlineData("NORMAL", false, "d2", "d2")]
    [InlineData("NORMAL", true, "d2", "c1")]
    [InlineData("STARTING", null, "b1", "c1 d2")]
    public void R2_what_a_node_that_we_hold_sees_of_others_counts_from_when_it_serves(string mode, bool? cql, string held, string down)
    {
        var snapshot = Snapshot(v => v.Node.Name == "d2" ? v with { Mode = mode, Cql = cql, Live = Names("b1", "b2", "c2", "d1", "d2"), Down = Names("c1") } : v);
        Assert.Equal(down.Split(' '), snapshot.DownInAnyView(ImmutableSortedSet.Create(StringComparer.Ordinal, held)));
    }

    [Theory]
    [InlineData("NORMAL", false)]
    [InlineData("DRAINING", true)]
    [InlineData("JOINING", true)]
    [InlineData(null, null)]
    public void Trap_3_a_node_that_is_up_in_gossip_but_serves_no_CQL_is_down(string? mode, bool? cql)
    {
        var snapshot = Snapshot(v => v.Node.Name == "c1" ? v with { Mode = mode, Cql = cql } : v);
        Assert.Equal(["c1"], snapshot.DownInAnyView());
    }

    [Theory]
    [InlineData("b1 c1 d1+b2", "b1", true)]
    [InlineData("b1 c1 d1+b2", "b1 b2", false)]
    [InlineData("b1 c1 d1+b2 c2", "b1", true)]
    [InlineData("b1 c1 d1+b2 c2", "b2 c2", false)]
    public void Trap_4_pending_replicas_raise_the_bar_and_may_be_the_ones_that_are_missing(string range, string down, bool safe) =>
        Assert.Equal(safe, Of(Six, Nts("ks", 3, range)).WhyNot(Down(down.Split(' '))) is null);

    [Fact]
    public void Trap_5_a_zone_is_what_the_ring_says_and_no_part_of_a_name()
    {
        // c2 stands in rack b whatever it is called.
        var cluster = Six with { Nodes = [.. Six.Nodes.Select(n => n.Name == "c2" ? n with { Zone = new Zone("dc1", "b") } : n)] };
        var rackB = cluster.Nodes.Where(n => n.Zone.Rack == "b").Select(n => n.Name).ToArray();
        Assert.Equal(["b1", "b2", "c2"], rackB);
        Assert.NotNull(Of(cluster, Nts("ks", 3, "b1 c2 d1")).WhyNot(Down(rackB)));
    }

    [Fact]
    public void Trap_6_with_RF_3_over_two_racks_a_rack_holds_two_replicas_of_a_range()
    {
        var proof = Of(Cluster(("dc1", "b", 2), ("dc1", "c", 2)), Nts("ks", 3, "b1 b2 c1", "c1 c2 b1"));
        Assert.All(proof.Cluster.Nodes.SkipLast(1), n => Assert.Null(proof.WhyNot(Down(n.Name))));
        Assert.NotNull(proof.WhyNot(Down("b1", "b2")));
    }

    [Fact]
    public void Trap_7_a_SimpleStrategy_keyspace_left_over_from_a_test_ignores_racks() =>
        Assert.StartsWith("left_over: ", Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2"), Simple("left_over", 3, "b1 b2 c1")).WhyNot(Down("b1", "b2")), StringComparison.Ordinal);

    [Fact]
    public void Trap_9_an_empty_list_is_never_safe()
    {
        Assert.Throws<UnrecoverableException>(() => Of(Six));
        Assert.NotNull(Of(Six, Nts("ks", 3)).WhyNot(Down("b1")));
        Assert.NotNull(Of(Six, Nts("ks", 3, "")).WhyNot(Down("b1")));
        Assert.NotNull(Of(Six.Judging(), Nts("ks", 3, "b1 c1 d1")).WhyNot(Down("b2")));
    }

    [Fact]
    public void Trap_10_of_RF_2_nothing_may_go_down() =>
        Assert.All(new[] { "b1", "c1" }, n => Assert.NotNull(Of(Six, Nts("ks", 2, "b1 c1")).WhyNot(Down(n))));

    [Theory]
    [InlineData("system_distributed")]
    [InlineData("audit")]
    [InlineData("system_auth")]
    public void Trap_11_system_and_audit_keyspaces_count(string keyspace) =>
        Assert.StartsWith(keyspace, Of(Six, Nts("ks", 3, "b1 c1 d1"), Nts(keyspace, 1, "b2")).WhyNot(Down("b2")), StringComparison.Ordinal);

    [Fact]
    public void Trap_12_QUORUM_over_two_datacenters_gives_another_answer_than_LOCAL_QUORUM()
    {
        var ring = Nts2("ks", 3, 3, "b1 c1 d1 x1 y1 z1");
        var global = Of(Two.Judging(ConsistencyLevel.Quorum), ring);
        var local = Of(Two, ring);
        Assert.Null(global.WhyNot(Down("b1", "x1")));
        Assert.Null(local.WhyNot(Down("b1", "x1")));
        Assert.Null(global.WhyNot(Down("b1", "c1")));
        Assert.NotNull(local.WhyNot(Down("b1", "c1")));
        Assert.Equal("ks: range (0, 1] would keep 3 of 6 replicas, QUORUM needs 4; down: b1, c1, x1", global.WhyNot(Down("b1", "c1", "x1")));
    }

    [Fact]
    public void Trap_14_one_of_two_datacenters_down_can_lose_raft_though_every_LOCAL_QUORUM_holds()
    {
        var cluster = Two with { Policy = Two.Policy with { NotServing = Two.Policy.NotServing.Add("dc1") } };
        var facts = Facts(cluster, Nts2("ks", 3, 3, "b1 c1 d1 x1 y1 z1"));
        Assert.Null(new Availability(cluster, facts with { Voters = Voters("b1", "c1", "x1", "y1", "z1") }).WhyNot(Down("b1", "c1", "d1")));
        Assert.Equal(
            "raft would lose its majority: 3 of 5 voters down (b1, c1, d1)",
            new Availability(cluster, facts with { Voters = Voters("b1", "c1", "d1", "x1", "y1") }).WhyNot(Down("b1", "c1", "d1")));
    }

    [Fact]
    public void Trap_15_with_two_of_three_down_data_is_there_for_ONE_only()
    {
        var ring = Nts("ks", 3, "b1 c1 d1");
        Assert.Null(Of(Six.Judging(ConsistencyLevel.One, ConsistencyLevel.LocalOne), ring).WhyNot(Down("b1", "c1")));
        Assert.NotNull(Of(Six, ring).WhyNot(Down("b1", "c1")));
        Assert.NotNull(Of(Six.Judging(ConsistencyLevel.Two), ring).WhyNot(Down("b1", "c1")));
    }

    [Fact]
    public void Trap_16_a_replaced_node_counts_only_once_its_own_mode_is_NORMAL()
    {
        // Every peer lists it as up and normal; it still rebuilds its tablets.
        var snapshot = Snapshot(v => v.Node.Name == "c1" ? v with { Mode = "JOINING", Cql = false } : v);
        Assert.All(snapshot.Views, v => Assert.Contains("c1", v.Live!.Value));
        Assert.NotNull(Of(Six, Nts("ks", 3, "b1 c1 d1")).WhyNot(snapshot.DownInAnyView().Add("b1")));
    }

    [Fact]
    public void Trap_17_views_counters_and_Paxos_need_a_quorum_unless_somebody_says_otherwise()
    {
        Assert.Equal("LocalQuorum, LocalSerial", string.Join(", ", AvailabilityPolicy.Default.LevelsOf("a_view")));
        Assert.NotNull(Of(Six, Nts("ks", 3, "b1 c1 d1") with { Table = "a_view" }).WhyNot(Down("b1", "c1")));
    }

    [Fact]
    public void A_drained_nodes_frozen_picture_of_the_others_counts_for_nothing()
    {
        var (drained, other) = (Six.Nodes[0], Six.Nodes[1]);
        var snapshot = Snapshot(v => v.Node == drained ? v with { Mode = "DRAINED", Cql = false, Down = [other.Address] }
            : v with { Down = [drained.Address] });

        Assert.Equal([drained.Name], snapshot.DownInAnyView());
        Assert.True(snapshot.ServesNobody(drained));

        // Of two that are drained, neither vouches for the other.
        var both = Snapshot(v => v.Node == drained || v.Node == other ? v with { Mode = "DRAINED", Cql = false, Down = [] }
            : v with { Down = [drained.Address, other.Address] });
        Assert.True(both.ServesNobody(drained) && both.ServesNobody(other));
    }

    private static ClusterSnapshot Snapshot(Func<NodeView, NodeView> change) => new(Six, Now, [.. Six.Nodes.Select(n => change(new NodeView(
        n, "NORMAL", true, 1, [.. Six.Nodes.Select(o => o.Address)], [], null, [], [])))]);

    private static ImmutableArray<string> Names(params string[] names) => [.. names];
}
