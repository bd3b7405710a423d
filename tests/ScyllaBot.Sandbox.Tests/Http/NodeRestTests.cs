using System.Text.Json;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Http;

public sealed class NodeRestTests
{
    private sealed record MapEntry<T>(string key, T value);

    [Fact]
    public void Strings_are_quoted_and_a_slash_at_the_end_changes_nothing()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);

        Assert.Equal("\"NORMAL\"", bed.Get(node, "/storage_service/operation_mode").Body);
        Assert.Equal("\"NORMAL\"", bed.Get(node, "/storage_service/operation_mode/").Body);
        Assert.Equal("[]", bed.Get(node, "/stream_manager/").Body);
    }

    [Fact]
    public void An_unknown_route_and_a_known_one_with_the_wrong_verb_are_not_found()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        const string Body = """{"message":"Not found","code":404}""";

        Assert.Equal((404, Body), (bed.Get(node, "/nope").Status, bed.Get(node, "/nope").Body));
        Assert.Equal((404, Body), (bed.Get(node, "/raft/read_barrier").Status, bed.Get(node, "/raft/read_barrier").Body));
    }

    [Fact]
    public void Host_ids_are_a_list_of_pairs_over_all_nodes_down_ones_too()
    {
        using var bed = new TestBed();
        bed.Run(bed.Node("d", 1), "systemctl stop scylla-server");
        var ids = bed.Read<MapEntry<Guid>[]>(bed.Node("b", 1), "/storage_service/host_id");

        Assert.Equal(bed.Messages.Nodes.Select(node => (node.Id.Address, node.Id.HostId)), ids.Select(pair => (pair.key, pair.value)));
        Assert.Equal(9, ids.Select(pair => pair.value).Distinct().Count());
    }

    [Theory]
    [InlineData("?type=non_local_strategy&replication=vnodes", "system_distributed,system_traces")]
    [InlineData("?type=non_local_strategy&replication=tablets", "search")]
    [InlineData("?type=non_local_strategy&replication=all", "search,system_distributed,system_traces")]
    [InlineData("?type=user", "search")]
    [InlineData("", "search,system,system_distributed,system_schema,system_traces")]
    public void Keyspaces_are_filtered_by_type_and_replication(string query, string expected)
    {
        using var bed = new TestBed();
        Assert.Equal(expected.Split(','), bed.Read<string[]>(bed.Search.Nodes[0], "/storage_service/keyspaces" + query).Order());
    }

    [Fact]
    public void Schema_versions_leave_out_a_node_seen_down_and_call_a_fresh_corpse_unreachable()
    {
        using var bed = new TestBed();
        bed.Run(bed.Node("d", 1), "systemctl stop scylla-server");
        bed.Arm(FaultKind.NodeDies, bed.Node("d", 2));
        var versions = bed.Read<MapEntry<string[]>[]>(bed.Node("b", 1), "/storage_proxy/schema_versions");

        Assert.Equal(2, versions.Length);
        Assert.Equal(7, versions.Single(entry => Guid.TryParse(entry.key, out _)).value.Length);
        Assert.Equal([bed.Node("d", 2).Id.Address], versions.Single(entry => entry.key == "UNREACHABLE").value);
    }

    [Fact]
    public async Task A_hint_sync_point_is_done_when_the_sender_has_woken_and_what_piled_up_is_replayed()
    {
        using var bed = new TestBed();
        var (holder, target) = (bed.Node("b", 1), bed.Node("d", 1));
        bed.Run(target, "systemctl stop scylla-server");
        var point = await bed.CallAsync(holder, "POST", $"/hinted_handoff/sync_point?target_hosts={target.Id.Address}");
        bed.Time.Advance(300);
        bed.Run(target, "systemctl start scylla-server");
        bed.Until(() => !bed.SeesDown(holder, target));

        string Ask() => bed.Read<string>(holder, $"/hinted_handoff/sync_point?id={JsonSerializer.Deserialize<string>(point.Body)}");
        Assert.Equal("IN_PROGRESS", Ask());
        bed.Time.Advance(10.1);
        Assert.Equal("IN_PROGRESS", Ask());

        // Five minutes and the start, a tenth of which is replayed.
        Assert.InRange(bed.Until(() => Ask() == "DONE"), 15, 40);
        Assert.Equal(400, bed.Get(holder, "/hinted_handoff/sync_point?id=junk").Status);
    }

    [Fact]
    public void Wrong_or_missing_parameters_are_a_400()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.Equal(400, bed.Get(node, "/storage_service/keyspaces?type=some").Status);
        Assert.Equal(400, bed.Get(node, "/storage_service/tokens_endpoint?keyspace=discord").Status);
        Assert.Equal(400, bed.Get(node, "/task_manager/list_module_tasks/nope").Status);
        Assert.Equal("UNKNOWN_DC", bed.Read<string>(node, "/snitch/datacenter?host=10.9.9.9"));
    }

    [Fact]
    public void On_the_way_down_routes_vanish_before_the_port_does()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Exec(node, "systemctl stop scylla-server");
        Assert.Equal(404, bed.Get(node, "/storage_service/native_transport").Status);
        Assert.Equal("NORMAL", bed.Mode(node));
        bed.Until(() => bed.Get(node, "/storage_service/operation_mode").Status == 404, atMost: 3);
        bed.Until(() => bed.Get(node, "/storage_service/operation_mode").Status == 0, atMost: 4);
    }
}
