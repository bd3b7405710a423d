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
    public void What_all_names_begin_with_is_dropped_and_said_once()
    {
        string[] names = [.. "bbbcccddd".Select((rack, i) => $"scylla-messages-stg-us-east1-{rack}-{(i % 3) + 1}")];
        var lines = ViewMatrix.Of(Named(names), Nobody).Split('\n');
        Assert.Equal("18:31:05Z   1  2  3  4  5  6  7  8  9 mode     cql schema up", lines[0]);
        Assert.StartsWith(" 1 b-1    ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(" 9 d-3    ", lines[9], StringComparison.Ordinal);
        Assert.Equal("names: scylla-messages-stg-us-east1-…", lines[10]);

        lines = ViewMatrix.Of(Named("db-b-1", "db-b-2", "db-c-1"), Nobody).Split('\n');
        Assert.Equal("18:31:05Z   1  2  3 mode     cql schema up  names: db-…", lines[0]);
        Assert.StartsWith(" 2 b-2    ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Never_are_two_rows_called_alike_however_long_their_names()
    {
        var (a, b) = (new string('a', 30), new string('b', 30));
        string[][] all = [["x" + a + "1", "x" + a + "2"], [a + "1" + b, a + "2" + b], [a + "-1-" + b, a + "-2-" + b], [a, a + "-1"], ["db", "db-1", "db-2"]];
        foreach (var names in all)
        {
            var rows = ViewMatrix.Of(Named(names), Nobody).Split('\n')[1..(names.Length + 1)].Select(r => r[3..26].Split(' ')[0]).ToArray();
            Assert.Equal(names.Length, rows.Distinct(StringComparer.Ordinal).Count());
            Assert.All(rows, r => Assert.InRange(r.Length, 1, 22));
        }
    }

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

    private static ClusterSnapshot Snapshot(int count, params string[] down) => Of([.. Enumerable.Range(1, count).Select(i => $"n{i}")], down);

    private static ClusterSnapshot Named(params string[] names) => Of(names, []);

    private static ClusterSnapshot Of(string[] names, string[] down)
    {
        var nodes = Enumerable.Range(1, names.Length).Select(i => new Node(names[i - 1], $"10.0.0.{i}", new Guid(i, 0, 0, new byte[8]), new Zone("dc1", "a"))
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
