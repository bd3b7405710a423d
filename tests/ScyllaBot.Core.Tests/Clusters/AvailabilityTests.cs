using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using static ScyllaBot.Core.Tests.Clusters.Sketch;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>What may be down together, judged on replica sets.</summary>
public sealed class AvailabilityTests
{
    [Fact]
    public void Of_RF_3_over_three_racks_a_whole_rack_may_go()
    {
        var proof = Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2", "b1 c2 d1"));
        Assert.Null(proof.WhyNot(Down("b1", "b2")));
        Assert.NotNull(proof.WhyNot(Down("b1", "c1")));
    }

    [Fact]
    public void Nodes_that_share_no_range_may_go_together_whatever_their_number() =>
        Assert.Null(Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2")).WhyNot(Down("b1", "c2")));

    [Fact]
    public void Of_RF_2_nothing_may_go() => Assert.Equal(
        "ks: range (0, 1] would keep 1 of 2 replicas in dc1, LOCAL_QUORUM needs 2; down: b1",
        Of(Six, Nts("ks", 2, "b1 c1")).WhyNot(Down("b1")));

    [Fact]
    public void Of_RF_1_nothing_may_go() => Assert.NotNull(Of(Six, Nts("ks", 1, "b1")).WhyNot(Down("b1")));

    [Fact]
    public void Of_RF_3_over_two_racks_one_node_may_go_and_a_rack_may_not()
    {
        var proof = Of(Cluster(("dc1", "b", 2), ("dc1", "c", 2)), Nts("ks", 3, "b1 b2 c1", "b1 c1 c2"));
        Assert.Null(proof.WhyNot(Down("b1")));
        Assert.NotNull(proof.WhyNot(Down("b1", "b2")));
    }

    [Fact]
    public void The_first_range_that_would_lose_is_named_with_who_takes_it_away() => Assert.Equal(
        "ks: range (1, 2] would keep 1 of 3 replicas in dc1, LOCAL_QUORUM needs 2; down: c1, d1",
        Of(Six, Nts("ks", 3, "b1 c1 d2", "b1 c1 d1", "b2 c1 d1")).WhyNot(Down("c1", "d1")));

    [Fact]
    public void Each_table_of_a_tablet_keyspace_is_judged_by_its_own_tablets()
    {
        var proof = Of(Six, Nts("ks", 3, "b1 c1 d1") with { Table = "first" }, Nts("ks", 3, "b2 c2 d2") with { Table = "second" });
        Assert.StartsWith("ks.second: ", proof.WhyNot(Down("b2", "c2")), StringComparison.Ordinal);
        Assert.Null(proof.WhyNot(Down("b1", "c2")));
    }

    [Fact]
    public void No_keyspace_at_all_is_no_proof() =>
        Assert.Throws<UnrecoverableException>(() => Of(Six));

    [Fact]
    public void A_range_without_replicas_is_no_proof() =>
        Assert.Contains("names no replica", Of(Six, Nts("ks", 3, "")).WhyNot(Down("b1")), StringComparison.Ordinal);

    [Fact]
    public void A_keyspace_that_tells_no_range_is_no_proof() =>
        Assert.Contains("tells no range", Of(Six, Nts("ks", 3, "b1 c1 d1"), Nts("empty", 3)).WhyNot(Down("b2")), StringComparison.Ordinal);

    [Fact]
    public void A_datacenter_that_has_an_RF_but_no_replica_is_no_proof()
    {
        var ring = Nts("ks", 3, "b1 c1 d1") with { Replication = Replication.Network(("dc1", 3), ("dc2", 3)) };
        Assert.Contains("no replica in dc2", Of(Six, ring).WhyNot(Down("b1")), StringComparison.Ordinal);
    }

    [Fact]
    public void R25_without_a_single_raft_voter_the_proof_is_degraded()
    {
        var proof = new Availability(Six, Facts(Six, Nts("ks", 3, "b1 c1 d1")) with { Voters = [] });
        Assert.True(proof.IsDegraded);
        Assert.NotNull(proof.WhyNot(Down("b1", "b2")));
    }

    [Fact]
    public void Simple_strategy_may_put_two_replicas_into_one_rack()
    {
        var proof = Of(Six, Simple("old", 3, "b1 b2 c1", "c1 d1 d2"));
        Assert.Null(proof.WhyNot(Down("b1")));
        Assert.StartsWith("old: range (0, 1]", proof.WhyNot(Down("b1", "b2")), StringComparison.Ordinal);
    }

    [Fact]
    public void Simple_strategy_needs_a_quorum_of_all_its_replicas_even_those_that_have_no_node() =>
        Assert.NotNull(Of(Six, Simple("old", 5, "b1 c1 d1")).WhyNot(Down("b1")));

    [Fact]
    public void Simple_strategy_over_two_datacenters_counts_only_the_local_replicas()
    {
        var two = Cluster(("dc1", "b", 2), ("dc2", "x", 2));
        Assert.NotNull(Of(two, Simple("old", 3, "b1 b2 x1")).WhyNot(Down("x2")));
    }

    [Fact]
    public void Each_datacenter_needs_its_own_quorum()
    {
        var two = Cluster(("dc1", "b", 1), ("dc1", "c", 1), ("dc1", "d", 1), ("dc2", "x", 1), ("dc2", "y", 1), ("dc2", "z", 1));
        var ring = Nts("ks", 3, "b1 c1 d1 x1 y1 z1") with { Replication = Replication.Network(("dc1", 3), ("dc2", 3)) };
        Assert.Null(Of(two, ring).WhyNot(Down("b1", "x1")));
        Assert.Contains("in dc1", Of(two, ring).WhyNot(Down("b1", "c1")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b1 b2 c1 d1", 1, true)]
    [InlineData("b1 b2 c1 d1", 2, false)]
    [InlineData("b1 b2 c1 c2 d1", 1, true)]
    [InlineData("b1 b2 c1 c2 d1", 2, false)]
    public void A_pending_replica_raises_what_writes_need(string replicas, int down, bool safe) => Assert.Equal(
        safe, Of(Six, Nts("ks", 3, replicas)).WhyNot(Down([.. replicas.Split(' ').Take(down)])) is null);

    [Fact]
    public void A_replica_that_is_not_in_the_inventory_counts_as_lost() =>
        Assert.Contains("down: b1, 10.9.9.9", Of(Six, Nts("ks", 3, "b1 c1 10.9.9.9")).WhyNot(Down("b1")), StringComparison.Ordinal);

    [Fact]
    public void R22_an_exempt_keyspace_may_lose_its_quorum_until_the_exemption_ends()
    {
        var ring = Nts("system_traces", 2, "b1 c1");
        Assert.Null(Of(Exempt(null), ring).WhyNot(Down("b1")));
        Assert.Null(Of(Exempt(Now.AddSeconds(1)), ring).WhyNot(Down("b1")));
        Assert.NotNull(Of(Exempt(Now), ring).WhyNot(Down("b1")));
        Assert.NotNull(Of(Exempt(null), ring with { Keyspace = "system_distributed" }).WhyNot(Down("b1")));
    }

    [Fact]
    public void Raft_needs_a_majority_of_its_voters_apart_from_any_data()
    {
        var voters = Voters("b1", "b2", "c1");
        var proof = new Availability(Six, Facts(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2")) with { Voters = voters });
        Assert.Null(proof.WhyNot(Down("b1")));
        Assert.Equal("raft would lose its majority: 2 of 3 voters down (b1, b2)", proof.WhyNot(Down("b1", "b2")));
        Assert.NotNull(proof.WhyVotersNot(Down("b1", "c1")));
        Assert.Null(proof.WhyVotersNot(Down("d1", "d2", "c2")));
    }

    [Fact]
    public void R25_without_CQL_facts_one_node_at_a_time()
    {
        var proof = new Availability(Six, WithoutCql(Six, Nts("ks", 3, "b1 c1 d1")));
        Assert.True(proof.IsDegraded);
        Assert.Null(proof.WhyNot(Down("b1")));
        Assert.Contains("one node at a time", proof.WhyNot(Down("b1", "b2")), StringComparison.Ordinal);
    }

    [Fact]
    public void R25_without_CQL_facts_a_ring_no_larger_than_its_replica_sets_is_refused()
    {
        var three = Cluster(("dc1", "b", 1), ("dc1", "c", 1), ("dc1", "d", 1));
        var proof = new Availability(three, WithoutCql(three, Nts("ks", 3, "b1 c1 d1")));
        Assert.Contains("may be larger", proof.WhyNot(Down("b1")), StringComparison.Ordinal);
    }

    [Fact]
    public void R25_without_CQL_facts_and_with_two_racks_never_a_whole_rack()
    {
        var racks = Cluster(("dc1", "b", 1), ("dc1", "c", 4));
        var proof = new Availability(racks, WithoutCql(racks, Nts("ks", 3, "b1 c1 c2", "b1 c3 c4")));
        Assert.Contains("all of dc1/b would be down", proof.WhyNot(Down("b1")), StringComparison.Ordinal);
        Assert.Null(proof.WhyNot(Down("c1")));
    }

    [Fact]
    public void R25_without_CQL_facts_a_ring_of_uneven_datacenters_is_one_of_a_single_factor()
    {
        // Two of the three in dc1 in one range, one in the other: SimpleStrategy, and dc2 needs two of its own.
        var cluster = Cluster(("dc1", "b", 3), ("dc2", "x", 3));
        var proof = new Availability(cluster, WithoutCql(cluster, Simple("old", 3, "b1 b2 x1", "b3 x2 x3")));
        Assert.Contains("LOCAL_QUORUM needs 2", proof.WhyNot(Down("b3")), StringComparison.Ordinal);
    }

    [Fact]
    public void R25_a_degraded_proof_asks_for_a_read_barrier_after_each_node()
    {
        Assert.True(new Availability(Six, WithoutCql(Six, Nts("ks", 3, "b1 c1 d1"))).NeedsReadBarrier);
        Assert.False(Of(Six, Nts("ks", 3, "b1 c1 d1")).NeedsReadBarrier);
    }

    [Fact]
    public void R22_each_keyspace_is_judged_by_its_own_levels_and_only_where_clients_are()
    {
        var policy = Two.Policy with
        {
            Overrides = Two.Policy.Overrides.Add("logs", [ConsistencyLevel.One]), NotServing = Two.Policy.NotServing.Add("dc2"),
        };
        var proof = Of(Two with { Policy = policy }, Nts2("ks", 3, 3, "b1 c1 d1 x1 y1 z1"), Nts2("logs", 2, 1, "b1 c1 x1"));
        Assert.Null(proof.WhyNot(Down("x1", "y1")));
        Assert.Null(proof.WhyNot(Down("b1", "x1")));
        Assert.StartsWith("ks: ", proof.WhyNot(Down("b1", "c1")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_datacenter_of_RF_0_whose_clients_count_is_never_available_and_the_sentence_says_what_to_do() => Assert.Equal(
        "ks: no replica in dc2, so LOCAL_QUORUM is never available there; if no client uses dc2, the inventory's policy should say that it does not serve",
        Of(Two, Nts("ks", 3, "b1 c1 d1")).WhyNot(Down("b1")));

    [Fact]
    public void EverywhereStrategy_needs_a_quorum_of_all_nodes()
    {
        var proof = Of(Six, Everywhere("system_distributed_everywhere", "b1 b2 c1 c2 d1 d2"));
        Assert.Null(proof.WhyNot(Down("b1", "b2")));
        Assert.NotNull(proof.WhyNot(Down("b1", "b2", "c1")));
    }

    [Fact]
    public void A_replication_that_is_not_understood_is_no_proof()
    {
        var ring = Nts("ks", 3, "b1 c1 d1") with { Replication = Replication.Parse(new Dictionary<string, string> { ["class"] = "com.example.OwnStrategy" }) };
        Assert.Contains("is not understood", Of(Six, ring).WhyNot(Down("b1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_that_share_their_replicas_are_judged_once_and_counted()
    {
        var proof = Of(Six, Nts("ks", 3, "b1 c1 d1", "d1 b1 c1", "c1 d1 b1"), Nts("other", 3, "b1 c1 d1"));
        Assert.Equal(2, proof.DemandCount);
        Assert.StartsWith("ks: range (0, 1] and 3 like it would keep 1 of 3", proof.WhyNot(Down("b1", "c1")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_voter_that_the_inventory_does_not_know_counts_as_down()
    {
        var proof = new Availability(Six, Facts(Six, Nts("ks", 3, "b1 c1 d1")) with { Voters = Voters("b1", "c1", "q9") });
        Assert.Contains("2 of 3 voters down (b1, ", proof.WhyNot(Down("b1")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_nobody_can_be_asked_about_may_still_serve()
    {
        var views = Six.Nodes.Select(n => new NodeView(n, null, null, null, null, null, null, null, null));
        Assert.False(new ClusterSnapshot(Six, Now, [.. views]).ServesNobody(Six.Nodes[0]));
    }
}
