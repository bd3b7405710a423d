using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>Everyone's view as people read it, and who stands out of it.</summary>
public sealed class ViewMatrixTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 28, 18, 31, 5, TimeSpan.Zero);
    private static readonly ImmutableSortedSet<string> Nobody = ImmutableSortedSet<string>.Empty.WithComparer(StringComparer.Ordinal);

    [Fact]
    public void A_small_cluster_is_shown_whole_with_modes_schema_and_uptime() => Assert.Equal(
        """
        18:31:05Z   1  2  3 mode     cql schema up
         1 n1       .  -  + NORMAL   on  8c2f   2h
         2*n2       ?  .  ? STARTING off ?      ?
         3 n3       +  -  . NORMAL   on  8c2f   2h
        + up, - down, ? does not tell, * held by the job
        """.ReplaceLineEndings("\n"),
        ViewMatrix.Of(Snapshot(3, down: ["n2"]), Nobody.Add("n2")));

    [Fact]
    public void Of_thirty_nodes_only_what_stands_out_is_shown_and_the_others_are_counted()
    {
        var text = ViewMatrix.Of(Snapshot(30, down: ["n7", "n19"]), Nobody);
        Assert.InRange(text.Length, 100, 950);
        Assert.Contains(" 7 n7", text, StringComparison.Ordinal);
        Assert.Contains("19 n19", text, StringComparison.Ordinal);
        var whole = ViewMatrix.Of(Snapshot(30), Nobody);
        Assert.Contains("30 others serve and see everyone up", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_cut_off_from_all_others_is_the_one_that_stands_out()
    {
        var plain = Snapshot(5);
        var cut = plain with
        {
            Views = [.. plain.Views.Select(v => v.Node.Name == "n4"
                ? v with { Live = [v.Node.Address], Down = [.. plain.Cluster.Nodes.Where(n => n != v.Node).Select(n => n.Address)] }
                : v with { Live = v.Live!.Value.Remove("10.0.0.4"), Down = ["10.0.0.4"] })],
        };
        var trouble = Assert.Single(ViewTroubles.Of(cut, Nobody));
        Assert.Equal(("n4", "n1, n2, n3 and 1 more do not see n4 up"), (trouble.Node, trouble.Why));
        Assert.Empty(ViewTroubles.Of(cut, Nobody.Add("n4")));
        Assert.Empty(ViewTroubles.Of(plain, Nobody));
    }

    [Fact]
    public void One_that_does_not_see_two_others_stands_out_and_a_stranger_under_a_known_address_does()
    {
        var plain = Snapshot(5);
        var blind = plain with { Views = [.. plain.Views.Select(v => v.Node.Name == "n2" ? v with { Live = ["10.0.0.1", "10.0.0.2", "10.0.0.5"] } : v)] };
        Assert.Equal(("n2", "n2 does not see n3, n4 up"), Assert.Single(ViewTroubles.Of(blind, Nobody)) is var t ? (t.Node, t.Why) : default);
        var stranger = plain with { Views = [.. plain.Views.Select(v => v.Node.Name == "n2" ? v with { HostIds = v.HostIds!.SetItem("10.0.0.3", Guid.Empty) } : v)] };
        Assert.Equal("n3", Assert.Single(ViewTroubles.Of(stranger, Nobody)).Node);
    }

    private static ClusterSnapshot Snapshot(int count, params string[] down)
    {
        var nodes = Enumerable.Range(1, count).Select(i => new Node($"n{i}", $"10.0.0.{i}", new Guid(i, 0, 0, new byte[8]), new Zone("dc1", "a"))
        {
            Api = new Uri("http://127.0.0.1:1/"), Metrics = new Uri("http://127.0.0.1:2/"),
        }).ToImmutableArray();
        var cluster = new Cluster("many", ClusterEnvironment.Sandbox, ClusterMode.Run, nodes);
        return new ClusterSnapshot(cluster, Now, [.. nodes.Select(n => View(n, nodes, down))]);
    }

    private static NodeView View(Node node, ImmutableArray<Node> all, string[] down)
    {
        if (down.Contains(node.Name, StringComparer.Ordinal))
        {
            return new NodeView(node, "STARTING", false, null, null, null, null, null, null);
        }

        ImmutableArray<string> lost = [.. all.Where(n => down.Contains(n.Name, StringComparer.Ordinal)).Select(n => n.Address)];
        return new NodeView(
            node, "NORMAL", true, Now.AddHours(-2).ToUnixTimeSeconds(), [.. all.Select(n => n.Address).Except(lost, StringComparer.Ordinal)], lost,
            all.ToImmutableSortedDictionary(n => n.Address, n => n.HostId, StringComparer.Ordinal), [], [])
        {
            ReadAt = Now,
            Schemas = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.Add("8c2f0000-0000-1000-8000-000000000000", [.. all.Select(n => n.Address)]),
        };
    }
}
