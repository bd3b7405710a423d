using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;

namespace ScyllaBot.Core.Tests.Scylla;

public sealed class TopologyConditionTests
{
    private const string Running =
        """[{"task_id":"3f2c0000-0000-4000-8000-000000000001","state":"STATE","type":"decommission","kind":"cluster","scope":"cluster","keyspace":"","table":"","entity":"e","sequence_number":0,"shard":0,"start_time":"2026-01-28T18:00:00Z","end_time":"1970-01-01T00:00:00Z"}]""";

    private static readonly Node Subject = NodeBench.Cluster.Nodes[0];
    private static readonly Node Peer = NodeBench.Cluster.Nodes[3];

    [Fact]
    public async Task H26_a_node_that_is_missing_from_the_answer_does_not_agree()
    {
        Assert.Null(await Schema(Version("v1", NodeBench.Cluster.Nodes)).WhyNotAsync(new SchemaAgreed()));
        Assert.Equal(
            $"{Peer.Name} not among those that agree on the schema",
            await Schema(Version("v1", NodeBench.Cluster.Nodes.Where(n => n != Peer))).WhyNotAsync(new SchemaAgreed()));
        Assert.StartsWith("2 schema versions", await Schema(Version("v1", [Subject]) + "," + Version("v2", [Peer])).WhyNotAsync(new SchemaAgreed()), StringComparison.Ordinal);
        Assert.Equal(
            $"{Subject.Name} can not reach {Peer.Name} about the schema",
            await Schema(Version("v1", [Subject]) + "," + Version("UNREACHABLE", [Peer])).WhyNotAsync(new SchemaAgreed()));
    }

    [Fact]
    public async Task H29_the_version_is_Scyllas_up_to_the_first_dash()
    {
        var bench = new NodeBench().Says(Subject, "storage_service/scylla_release_version", "\"2026.2.5-0.20260816.0123abcdef12\"");
        Assert.Null(await bench.WhyNotAsync(new VersionIs { Version = "2026.2.5" }));
        Assert.Equal($"{Subject.Name} runs 2026.2.5, not 2026.2.6", await bench.WhyNotAsync(new VersionIs { Version = "2026.2.6" }));
    }

    [Fact]
    public async Task H11_a_node_with_CQL_closed_does_not_serve()
    {
        Assert.Null(await new NodeBench().WhyNotAsync(new CqlServing()));
        Assert.Equal(
            $"{Subject.Name} is NORMAL but CQL is closed",
            await new NodeBench().Says(Subject, "storage_service/native_transport", "false").WhyNotAsync(new CqlServing()));
    }

    [Fact]
    public async Task A_stream_of_any_node_and_a_task_that_streams_unseen_are_streaming()
    {
        Assert.Null(await new NodeBench().WhyNotAsync(new NoStreaming()));
        var streams = """[{"plan_id":"3f2c0000-0000-4000-8000-000000000001","description":"Rebuild","sessions":[{"peer":"10.0.1.1","state":"STREAMING"}]}]""";
        Assert.Equal($"{Peer.Name} streams (Rebuild, 1 peers)", await new NodeBench().Says(Peer, "stream_manager/", streams).WhyNotAsync(new NoStreaming()));
        Assert.Equal("1 node_ops tasks run, such as decommission e", await Tasks("running").WhyNotAsync(new NoStreaming()));
    }

    [Fact]
    public async Task H38_a_decommission_that_looks_idle_is_a_change_of_topology_by_its_task()
    {
        Assert.Null(await Tasks("done").WhyNotAsync(new NoTopologyChange()));
        Assert.Equal("a decommission of e is running", await Tasks("running").WhyNotAsync(new NoTopologyChange()));
        Assert.Equal(
            $"{Peer.Name} sees 10.0.1.1 leaving",
            await new NodeBench().Says(Peer, "storage_service/nodes/leaving", "[\"10.0.1.1\"]").WhyNotAsync(new NoTopologyChange()));
    }

    [Fact]
    public async Task Without_CQL_the_load_map_tells_the_balance()
    {
        string Map(double last) => $"[{string.Join(',', NodeBench.Cluster.Nodes.Select((n, i) => $"{{\"key\":\"{n.Address}\",\"value\":{(i == 0 ? last : 1e9):0}}}"))}]";
        Assert.Null(await new NodeBench().Says(Subject, "storage_service/load_map", Map(1.1e9)).WhyNotAsync(new Balanced()));
        Assert.Contains(
            "of the average, more than 30 %", await new NodeBench().Says(Subject, "storage_service/load_map", Map(2e9)).WhyNotAsync(new Balanced()), StringComparison.Ordinal);
        Assert.Contains("does not tell the load of", await new NodeBench().WhyNotAsync(new Balanced()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5.2", "5.4.9", -1)]
    [InlineData("2025.4.1-0.2025", "2026.1.0", -1)]
    [InlineData("2026.2.5-0.20260816.0123abcdef12", "2026.2.5", 0)]
    [InlineData("2026.10.0", "2026.4.0", 1)]
    public void Versions_compare_by_number(string left, string right, int sign) =>
        Assert.Equal(sign, Math.Sign(ScyllaVersion.Parse(left)!.Value.CompareTo(ScyllaVersion.Parse(right)!.Value)));

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("a.b")]
    public void What_is_no_version_is_none(string text) => Assert.Null(ScyllaVersion.Parse(text));

    private static NodeBench Tasks(string state) =>
        new NodeBench().Says(Subject, "task_manager/list_module_tasks/node_ops", Running.Replace("STATE", state, StringComparison.Ordinal));

    private static NodeBench Schema(string versions) => new NodeBench().Says(Subject, "storage_proxy/schema_versions", $"[{versions}]");

    private static string Version(string version, IEnumerable<Node> nodes) =>
        $"{{\"key\":\"{version}\",\"value\":[{string.Join(',', nodes.Select(n => $"\"{n.Address}\""))}]}}";
}
