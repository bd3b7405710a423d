using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Tests.Clusters;

public sealed class InventoryYamlTests
{
    private const string Good = """
        clusters:
          - name: messages-stg
            environment: sandbox
            mode: run
            exemptions:
              - keyspace: system_traces
                reason: traces may be lost
                by: sandbox
                until: 2026-06-01T00:00:00Z
            nodes:
              - name: scylla-messages-stg-us-east1-b-1
                address: 10.0.1.1
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c
                dc: us-east1
                rack: b
                api: http://127.0.0.1:40001
                metrics: http://127.0.0.1:40101/metrics
                commands: http://127.0.0.1:8000/sandbox/nodes/scylla-messages-stg-us-east1-b-1/exec
              - name: scylla-messages-stg-us-east1-c-1
                address: 10.0.1.2
                host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d
                dc: us-east1
                rack: c
                api: http://127.0.0.1:40002
                metrics: http://127.0.0.1:40102/metrics
        """;

    [Fact]
    public void The_sandboxs_inventory_is_read_whole()
    {
        var cluster = Assert.Single(Assert.IsType<InventoryReading.Read>(InventoryYaml.Read("i.yaml", Good)).Inventory.Clusters);
        Assert.Equal(("messages-stg", ClusterEnvironment.Sandbox, ClusterMode.Run), (cluster.Name, cluster.Environment, cluster.Mode));
        Assert.Equal(new Exemption("system_traces", "traces may be lost", "sandbox",
            new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)), Assert.Single(cluster.Exemptions));
        var node = cluster.Nodes[0];
        Assert.Equal(
            ("scylla-messages-stg-us-east1-b-1", "10.0.1.1", new Guid("8d5ed9f4-7764-4dbd-bad8-43fddce94b7c"), new Zone("us-east1", "b")),
            (node.Name, node.Address, node.HostId, node.Zone));
        Assert.Equal(new Uri("http://127.0.0.1:40001"), node.Api);
        Assert.Equal(new Uri("http://127.0.0.1:40101/metrics"), node.Metrics);
        Assert.Equal("/sandbox/nodes/scylla-messages-stg-us-east1-b-1/exec", node.Commands!.AbsolutePath);
        Assert.Null(cluster.Nodes[1].Commands);
    }

    [Fact]
    public void A_cluster_that_does_not_say_its_mode_is_only_observed_R29()
    {
        var read = Assert.IsType<InventoryReading.Read>(
            InventoryYaml.Read("i.yaml", Good.Replace("    mode: run\n", "", StringComparison.Ordinal)));
        Assert.Equal(ClusterMode.Observe, read.Inventory.Clusters[0].Mode);
    }

    [Theory]
    [InlineData("    mode: run", "    mode: walk", 4, "`mode` needs one of observe, step, run, not \"walk\"")]
    [InlineData("    environment: sandbox\n", "", 2, "`clusters` needs `environment`: What it is for; decides who must approve what")]
    [InlineData("        rack: b", "        rak: b", 15, "`nodes` has no `rak`")]
    [InlineData("host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d", "host_id: 8d5ed9f4", 21,
        "`host_id` needs an id such as 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, not \"8d5ed9f4\"")]
    [InlineData("host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7d", "host_id: 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c", 21,
        "another node has the same `host_id` 8d5ed9f4-7764-4dbd-bad8-43fddce94b7c, in line 13")]
    [InlineData("name: scylla-messages-stg-us-east1-c-1", "name: scylla-messages-stg-us-east1-b-1", 19,
        "another node has the same `name` scylla-messages-stg-us-east1-b-1, in line 11")]
    [InlineData("address: 10.0.1.2", "address: 10.0.1.1", 20, "another node has the same `address` 10.0.1.1, in line 12")]
    [InlineData("api: http://127.0.0.1:40002", "api: http://127.0.0.1:40001", 24,
        "another node has the same `api` http://127.0.0.1:40001/, in line 16")]
    [InlineData("api: http://127.0.0.1:40002", "api: file:///etc/passwd", 24,
        "`api` needs an http or https address, not \"file:///etc/passwd\"")]
    [InlineData("address: 10.0.1.2", "address: host; rm", 20, "`address` must look like [0-9A-Fa-f:.]{2,45}, not \"host; rm\"")]
    [InlineData("        by: sandbox\n", "", 6, "`exemptions` needs `by`: Who said so")]
    [InlineData("        reason: traces may be lost", "        reason: traces may be lost\n        reason: again", 8,
        "`reason` is given twice")]
    public void A_mistake_is_told_at_its_line(string right, string wrong, int line, string message)
    {
        Assert.Contains(right, Good, StringComparison.Ordinal);
        var invalid = Assert.IsType<InventoryReading.Invalid>(
            InventoryYaml.Read("i.yaml", Good.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(invalid.Errors, e => (e.File, e.Line, e.Message) == ("i.yaml", line, message));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var text = Good.Replace("mode: run", "mode: runn", StringComparison.Ordinal).Replace("rack: c", "rakc: c", StringComparison.Ordinal)
            .Replace("address: 10.0.1.2", "address: 10.0.1.1", StringComparison.Ordinal);
        var invalid = Assert.IsType<InventoryReading.Invalid>(InventoryYaml.Read("i.yaml", text));
        Assert.Equal([4, 19, 20, 23], invalid.Errors.Select(e => e.Line));
        Assert.Equal(["run", null, null, "rack"], invalid.Errors.Select(e => e.Suggestion));
    }

    [Fact]
    public void A_plus_sign_in_an_inventory_is_just_a_plus_sign()
    {
        var read = Assert.IsType<InventoryReading.Read>(
            InventoryYaml.Read("i.yaml", Good.Replace("traces may be lost", "+cluster+", StringComparison.Ordinal)));
        Assert.Equal("+cluster+", read.Inventory.Clusters[0].Exemptions[0].Reason);
    }
}
