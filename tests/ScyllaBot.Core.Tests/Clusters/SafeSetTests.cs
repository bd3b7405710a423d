using ScyllaBot.Core.Clusters;
using static ScyllaBot.Core.Tests.Clusters.Sketch;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>The largest safe set and the next best node.</summary>
public sealed class SafeSetTests
{
    [Fact]
    public void A_rack_that_holds_one_replica_of_each_range_goes_whole()
    {
        var safe = Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2", "b1 c2 d1")).LargestSafe(["b1", "b2"], Down());
        Assert.Equal("b1 b2", List(safe.Nodes));
        Assert.True(safe.IsLargest);
    }

    [Fact]
    public void Greedy_is_not_largest()
    {
        // In the order of names b1 goes first and keeps b2, c1 and c2 from going; without it all three may.
        var safe = Of(Six, Nts("ks", 3, "b1 b2 d1", "b1 c1 d1", "b1 c2 d2")).LargestSafe(["b1", "b2", "c1", "c2"], Down());
        Assert.Equal("b2 c1 c2", List(safe.Nodes));
        Assert.True(safe.IsLargest);
    }

    [Fact]
    public void What_is_down_already_counts_and_is_not_chosen_again()
    {
        var proof = Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2"));
        Assert.Equal("b2", List(proof.LargestSafe(["b1", "b2", "c1"], Down("b1")).Nodes));
        Assert.Empty(proof.LargestSafe(["b1", "c2"], Down("b1", "c1")).Nodes);
    }

    [Fact]
    public void R25_of_a_degraded_proof_one_node_is_the_largest_set() =>
        Assert.Equal("b1", List(new Availability(Six, WithoutCql(Six, Nts("ks", 3, "b1 c1 d1"))).LargestSafe(["b1", "b2"], Down()).Nodes));

    [Fact]
    public void When_the_search_would_take_too_long_the_set_is_maximal_and_says_so()
    {
        // RF 3 over two racks of forty: what may go together of one rack is a hard question.
        var cluster = Cluster(("dc1", "b", 40), ("dc1", "c", 40));
        var random = new Random(7);
        var ranges = Enumerable.Range(0, 1500).Select(_ =>
        {
            var (one, two) = (random.Next(1, 41), random.Next(1, 40));
            return $"b{one} b{(two >= one ? two + 1 : two)} c{random.Next(1, 41)}";
        }).ToArray();
        var proof = Of(cluster, Nts("ks", 3, ranges));
        var rack = cluster.Nodes.Where(n => n.Zone.Rack == "b").Select(n => n.Name).ToArray();
        var safe = proof.LargestSafe(rack, Down());
        Assert.NotEmpty(safe.Nodes);
        Assert.Null(proof.WhyNot(Down([.. safe.Nodes])));
        Assert.All(rack.Except(safe.Nodes), n => Assert.NotNull(proof.WhyNotAnother(n, Down([.. safe.Nodes]))));
    }

    [Fact]
    public void The_next_best_node_leaves_the_fewest_ranges_with_nobody_to_spare()
    {
        var next = Of(Six, Nts("ks", 3, "b1 c1 d1", "b1 c2 d1", "b2 c2 d2")).NextBest(["b1", "b2"], Down());
        Assert.Equal(("b2", 1), (next!.Node, next.Edge));
        Assert.Equal("b2 leaves 1 ranges with no further replica to spare; the next best, b1, leaves 2", next.Reason);
    }

    [Fact]
    public void The_next_best_stays_in_the_zone_that_is_at_work()
    {
        var next = Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2", "b2 c2 d1", "b2 c2 d1")).NextBest(["b2", "c2"], Down("c1"));
        Assert.Equal("c2", next!.Node);
        Assert.Equal("c2 leaves 3 ranges with no further replica to spare; b2 leaves as many, but its zone is whole", next.Reason);
    }

    [Fact]
    public void Where_none_may_go_there_is_no_next_and_each_one_has_its_reason()
    {
        var proof = Of(Six, Nts("ks", 3, "b1 c1 d1"));
        Assert.Null(proof.NextBest(["c1", "d1"], Down("b1")));
        var why = Assert.IsType<QuorumLoss>(proof.WhyNotAnother("c1", Down("b1")));
        Assert.Equal("b1 c1", List(why.Down));
        Assert.Equal("nobody is not in the inventory of six", proof.WhyNotAnother("nobody", Down())!.Sentence);
    }

    [Fact]
    public void A_trial_goes_back_to_where_it_was()
    {
        var trial = Of(Six, Nts("ks", 3, "b1 c1 d1", "b2 c2 d2", "b1 c2 d1")).Try(Down());
        var before = trial.NextBest(["b1", "c1", "c2"]);
        foreach (var node in new[] { "b1", "c2", "d1", "b1" })
        {
            trial.Add(node);
        }

        Assert.NotNull(trial.Refusal);
        foreach (var node in new[] { "d1", "b1", "c2", "c2" })
        {
            trial.Remove(node);
        }

        Assert.Null(trial.Refusal);
        Assert.Equal(before, trial.NextBest(["b1", "c1", "c2"]));
    }
}
