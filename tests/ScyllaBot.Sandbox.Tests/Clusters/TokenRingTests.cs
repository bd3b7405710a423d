using System.Text.Json;

namespace ScyllaBot.Sandbox.Tests.Clusters;

/// <summary>describe_ring against an expectation worked out here from the tokens alone, by another algorithm than the ring's own.</summary>
public sealed class TokenRingTests
{
    private sealed record Entry(string start_token, string end_token, string[] endpoints, Detail[] endpoint_details);

    private sealed record Detail(string host, string datacenter, string rack);

    [Theory]
    [InlineData(1, "discord")]
    [InlineData(1, "system_distributed")]
    [InlineData(9, "discord")]
    public void Each_range_has_the_first_node_clockwise_of_every_rack(long seed, string keyspace)
    {
        using var bed = new TestBed(seed);
        var node = bed.Node("b", 1);
        var owners = Owners(bed);
        var byRack = owners.GroupBy(o => Rack(bed, o.Address)).ToArray();
        foreach (var range in bed.Read<Entry[]>(node, $"/storage_service/describe_ring/{keyspace}"))
        {
            var end = long.Parse(range.end_token);
            var expected = byRack.Select(rack => rack.MinBy(o => Distance(end, o.Token)).Address);
            Assert.Equal(expected.Order(), range.endpoints.Order());
            Assert.Equal(owners.Single(o => o.Token == end).Address, range.endpoints[0]);
            Assert.Equal(["b", "c", "d"], range.endpoint_details.Select(detail => detail.rack).Order());
            Assert.All(range.endpoint_details, detail => Assert.Equal("us-east1", detail.datacenter));
        }
    }

    [Fact]
    public void SimpleStrategy_takes_the_next_two_nodes_whatever_their_racks()
    {
        using var bed = new TestBed();
        var owners = Owners(bed);
        var ranges = bed.Read<Entry[]>(bed.Node("b", 1), "/storage_service/describe_ring/system_traces");
        foreach (var range in ranges)
        {
            var end = long.Parse(range.end_token);
            var clockwise = owners.OrderBy(o => Distance(end, o.Token)).Select(o => o.Address).Distinct().Take(2);
            Assert.Equal(clockwise, range.endpoints);
        }

        Assert.Contains(ranges, range => range.endpoint_details.Select(detail => detail.rack).Distinct().Count() == 1);
    }

    [Fact]
    public void The_ranges_cover_the_ring_once_and_every_node_tells_the_same()
    {
        using var bed = new TestBed();
        var bodies = bed.Messages.Nodes.Select(node => bed.Get(node, "/storage_service/describe_ring/discord").Body).Distinct();
        var ranges = JsonSerializer.Deserialize<Entry[]>(Assert.Single(bodies))!;

        Assert.Equal(9 * 16, ranges.Length);
        var next = ranges.ToDictionary(range => range.start_token, range => range.end_token);
        var at = ranges[0].start_token;
        for (var i = 0; i < ranges.Length; i++)
        {
            at = next[at];
            Assert.Equal(i == ranges.Length - 1, at == ranges[0].start_token);
        }

        Assert.Single(ranges, range => long.Parse(range.start_token) >= long.Parse(range.end_token));
    }

    [Fact]
    public void A_tablet_keyspace_wants_the_table_and_then_gives_one_entry_for_each_tablet()
    {
        using var bed = new TestBed();
        var node = bed.Search.Nodes[0];
        var without = bed.Get(node, "/storage_service/describe_ring/search");
        Assert.Equal(500, without.Status);
        const string Text = "The keyspace search has tablet table. Query describe_ring with the table parameter!";
        Assert.Equal($$"""{"message":"std::runtime_error ({{Text}})","code":500}""", without.Body);

        var tablets = bed.Read<Entry[]>(node, "/storage_service/describe_ring/search?table=index_entries");
        Assert.Equal(16, tablets.Length);
        Assert.Equal("", tablets[0].start_token);
        Assert.Equal("", tablets[^1].end_token);
        Assert.All(tablets.Zip(tablets.Skip(1)), pair => Assert.Equal(pair.First.end_token, pair.Second.start_token));
        Assert.All(tablets.Zip(tablets.Skip(1)).SkipLast(1), pair =>
            Assert.True(long.Parse(pair.First.end_token) < long.Parse(pair.Second.end_token)));
        Assert.All(tablets, tablet => Assert.Equal(["a", "b", "c"], tablet.endpoint_details.Select(detail => detail.rack).Order()));
        Assert.Equal(6, tablets.SelectMany(tablet => tablet.endpoints).Distinct().Count());
    }

    [Fact]
    public void Unknown_keyspaces_and_tables_are_a_400_naming_them()
    {
        using var bed = new TestBed();
        Assert.Equal((400, """{"message":"Can't find a keyspace nope","code":400}"""), Answer("/storage_service/describe_ring/nope"));
        Assert.Equal(400, Answer("/storage_service/describe_ring/discord?table=nope").Status);

        (int Status, string Body) Answer(string path)
        {
            var answer = bed.Get(bed.Node("b", 1), path);
            return (answer.Status, answer.Body);
        }
    }

    private static (long Token, string Address)[] Owners(TestBed bed) =>
        [.. bed.Messages.Nodes.SelectMany(
            peer => bed.Read<string[]>(bed.Node("b", 1), $"/storage_service/tokens/{peer.Id.Address}"),
            (peer, token) => (long.Parse(token), peer.Id.Address))];

    private static string Rack(TestBed bed, string address) =>
        bed.Read<string>(bed.Node("b", 1), $"/snitch/rack?host={address}");

    /// <summary>How far clockwise; the ring is the whole of 64 bits, so unsigned wrap-around is the distance.</summary>
    private static ulong Distance(long from, long to) => unchecked((ulong)to - (ulong)from);
}
