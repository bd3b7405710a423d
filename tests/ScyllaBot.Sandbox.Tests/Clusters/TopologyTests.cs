using System.Text.Json;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Http;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class TopologyTests
{
    private const string Decommission = "/storage_service/decommission";
    private static readonly string[] Racks = ["b", "c", "d"];

    [Fact]
    public void A_spare_is_nobody_until_it_starts_and_then_joins_in_phases()
    {
        using var bed = WithSpare();
        var (spare, old) = (Spare(bed), bed.Node("b", 1));
        Assert.Equal(9, bed.Messages.Nodes.Length);
        Assert.Equal(new CommandResult(3, "inactive"), bed.Run(spare, "systemctl is-active scylla-server"));
        bed.Run(spare, "systemctl start scylla-server");

        bed.Until(() => bed.Mode(spare) == "JOINING");
        Assert.DoesNotContain(spare.Id.Address, HostIds(bed, old).Keys);
        Assert.False(spare.Machine.Files.IsDirectory("/var/lib/scylla/data/system"));
        bed.Until(() => bed.Mode(spare) == "BOOTSTRAP");
        Assert.Contains(spare.Id.Address, HostIds(bed, old).Keys);
        Assert.Equal([spare.Id.Address], bed.Read<string[]>(old, "/storage_service/nodes/joining"));
        Assert.Equal(404, bed.Get(spare, "/storage_service/native_transport").Status);
        Assert.Equal(404, bed.Get(spare, "/storage_service/load_map").Status);
        Assert.Empty(bed.Read<string[]>(spare, "/storage_service/tokens"));
        var task = Assert.Single(Tasks(bed, old, "node_ops"));
        Assert.Equal(("bootstrap", "running", spare.Id.HostId), (task.type, task.state, Guid.Parse(task.entity)));
        bed.Until(() => bed.Messages.Topology.Current!.IsStreaming);
        Assert.Contains("Bootstrap", bed.Get(old, "/stream_manager").Body, StringComparison.Ordinal);

        Assert.InRange(bed.Until(() => bed.Mode(spare) == "NORMAL"), 25, 60);
        bed.Until(() => bed.Verdict().Healthy);
        Assert.Equal("done", Assert.Single(Tasks(bed, old, "node_ops")).state);
        Assert.Equal(16, bed.Read<string[]>(old, $"/storage_service/tokens/{spare.Id.Address}").Length);
        Assert.All(bed.Messages.Nodes, node => Assert.Equal(node == spare ? CleanupStatus.Clean : CleanupStatus.Needed, node.Cleanup));
        Assert.True(bed.Read<JsonElement>(spare, "/storage_service/load").GetDouble() > 0);
        Assert.False(bed.Verdict().QuorumEverLost);
    }

    [Fact]
    public void While_a_node_joins_its_ranges_need_one_more_live_replica_for_writes()
    {
        using var bed = WithSpare();
        bed.Run(Spare(bed), "systemctl start scylla-server");
        bed.Until(() => bed.Messages.Topology.Current is { IsStreaming: true });
        var pending = bed.Messages.WriteRanges(bed.Messages.Keyspace("discord")!, null).Where(range => !range.Pending.IsEmpty).ToArray();
        Assert.NotEmpty(pending);
        Assert.Empty(bed.Verdict().Violations);

        // 3 natural and 1 pending need 3 live: the joiner and one natural replica away are one too many (facts 3.1).
        bed.Arm(FaultKind.NodeDies, Spare(bed));
        bed.World.Agenda.Run(() => Spare(bed).Kill(Cause.Nobody));
        Assert.True(bed.Messages.Topology.IsIdle);
        Assert.Empty(bed.Messages.WriteRanges(bed.Messages.Keyspace("discord")!, null).Where(range => !range.Pending.IsEmpty));
    }

    [Fact]
    public void A_join_is_refused_while_a_node_is_down_and_its_host_id_is_banned_for_ever()
    {
        using var bed = WithSpare();
        var spare = Spare(bed);
        bed.Run(bed.Node("c", 1), "systemctl stop scylla-server");
        bed.Exec(spare, "systemctl start scylla-server");
        bed.Until(() => spare is { Process: ProcessState.Stopped, IsBanned: true });
        Assert.Contains("required nodes are dead", bed.Messages.Topology.Requests[^1].Error, StringComparison.Ordinal);
        bed.Run(bed.Node("c", 1), "systemctl start scylla-server");
        bed.Until(() => bed.Verdict().Healthy);

        bed.Exec(spare, "systemctl start scylla-server");
        bed.Until(() => spare.Process == ProcessState.Stopped);
        Assert.Equal(9, bed.Messages.Nodes.Length);
        var before = spare.Id.HostId;
        bed.World.Agenda.Run(() => spare.Machine.Files.Empty("/var/lib/scylla/data", Cause.Nobody));
        bed.Exec(spare, "systemctl start scylla-server");
        bed.Until(() => spare.Serves);
        Assert.NotEqual(before, spare.Id.HostId);
    }

    [Fact]
    public async Task A_decommission_of_vnodes_is_LEAVING_then_DECOMMISSIONED_and_gone_everywhere()
    {
        using var bed = new TestBed();
        var (node, peer) = (bed.Node("c", 2), bed.Node("b", 1));
        var call = bed.CallAsync(node, "POST", Decommission);
        bed.Until(() => bed.Mode(node) == "LEAVING");
        Assert.Equal([node.Id.Address], bed.Read<string[]>(peer, "/storage_service/nodes/leaving"));
        Assert.Contains(node.Id.Address, bed.Read<string[]>(peer, "/gossiper/endpoint/live"));
        Assert.Contains("Unbootstrap", bed.Get(node, "/stream_manager").Body, StringComparison.Ordinal);
        Assert.Equal(
            (500, """{"message":"std::runtime_error (Operation decommission is in progress, try again)","code":500}"""),
            Shape(await bed.CallAsync(node, "POST", "/storage_service/drain")));
        Assert.Equal(403, (await bed.CallAsync(peer, "POST", $"/task_manager/abort_task/{Tasks(bed, peer, "node_ops").Single().task_id}")).Status);

        bed.Until(() => call.IsCompleted);
        Assert.Equal((200, ""), Shape(await call));
        Assert.Equal("DECOMMISSIONED", bed.Mode(node));
        Assert.All(bed.Messages.Nodes, other => Assert.DoesNotContain(node.Id.Address, HostIds(bed, other).Keys));
        Assert.Equal(8, bed.Messages.Nodes.Length);
        Assert.Equal("active", bed.Run(node, "systemctl is-active scylla-server").Output);
        var verdict = bed.Verdict();
        Assert.True(verdict.Healthy, string.Join("; ", verdict.Why));
        Assert.False(verdict.QuorumEverLost || verdict.RaftMajorityEverLost);
        Assert.DoesNotContain(node, bed.Messages.Raft.Voters);
        Assert.Equal(["decommission", "left"], bed.Effects().Select(effect => effect.Kind));

        bed.Run(node, "systemctl stop scylla-server");
        bed.Exec(node, "systemctl start scylla-server");
        bed.Until(() => node.Process == ProcessState.Stopped);
    }

    [Fact]
    public async Task While_tablets_are_drained_a_decommission_looks_idle_and_can_be_aborted_H38()
    {
        using var bed = new TestBed();
        var (node, peer) = (bed.Search.Nodes[0], bed.Search.Nodes[3]);
        var call = bed.CallAsync(node, "POST", Decommission);
        bed.Until(() => node.IsDraining);
        Assert.Equal("NORMAL", bed.Mode(node));
        Assert.Empty(bed.Read<string[]>(peer, "/storage_service/nodes/leaving"));
        Assert.NotEmpty(Tasks(bed, peer, "tablets"));
        var task = Tasks(bed, peer, "node_ops").Single().task_id;
        Assert.Equal(200, (await bed.CallAsync(peer, "POST", $"/task_manager/abort_task/{task}")).Status);

        bed.Until(() => call.IsCompleted);
        Assert.Contains("Decommission failed. See earlier errors (aborted by user). Request ID:", (await call).Body, StringComparison.Ordinal);
        Assert.Equal("failed", Tasks(bed, peer, "node_ops").Single().state);
        Assert.False(node.IsDraining);
        Assert.Equal(6, bed.Search.Nodes.Length);
    }

    [Fact]
    public async Task A_decommission_moves_every_tablet_within_its_rack_and_loses_none()
    {
        using var bed = new TestBed();
        var node = bed.Search.Nodes[0];
        var call = bed.CallAsync(node, "POST", Decommission);
        bed.Until(() => call.IsCompleted, atMost: 600);
        Assert.Equal(200, (await call).Status);
        var tablets = bed.Search.Keyspaces.SelectMany(ks => ks.Tables).SelectMany(table => table.Tablets).ToArray();
        Assert.All(tablets, tablet =>
        {
            Assert.DoesNotContain(tablet.Replicas, replica => replica.HostId == node.Id.HostId);
            Assert.Equal(3, tablet.Replicas.Select(replica => replica.Rack).Distinct().Count());
            Assert.Empty(tablet.NewReplicas);
        });
        Assert.False(bed.Verdict().QuorumEverLost);
    }

    [Fact]
    public async Task A_repair_based_decommission_shows_neither_LEAVING_nor_a_stream()
    {
        using var bed = new TestBed();
        bed.Messages.RepairBasedOperations = true;
        var node = bed.Node("c", 2);
        var call = bed.CallAsync(node, "POST", Decommission);
        bed.Until(() => bed.Messages.Topology.Current is { IsStreaming: true });
        Assert.Equal("NORMAL", bed.Mode(node));
        Assert.Equal("[]", bed.Get(node, "/stream_manager").Body);
        bed.Until(() => call.IsCompleted);
        Assert.Equal(200, (await call).Status);
    }

    [Fact]
    public async Task A_decommission_that_would_leave_too_few_is_rejected_H21()
    {
        using var bed = new TestBed();
        foreach (var rack in Racks)
        {
            await Leave(bed, bed.Node(rack, 1));
            await Leave(bed, bed.Node(rack, 2));
        }

        var refused = bed.CallAsync(bed.Node("b", 3), "POST", Decommission);
        bed.Until(() => refused.IsCompleted);
        Assert.Contains("Decommission failed: node decommission rejected: not enough nodes", (await refused).Body, StringComparison.Ordinal);
        Assert.Equal("NORMAL", bed.Mode(bed.Node("b", 3)));

        await Leave(bed, bed.Search.Nodes[0]);
        var rack1 = bed.CallAsync(bed.Search.Nodes.First(n => n.Id.Rack == "a"), "POST", Decommission);
        bed.Until(() => rack1.IsCompleted);
        Assert.Contains("RF-rack-invalid", (await rack1).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_in_the_middle_of_streaming_breaks_a_decommission_and_it_may_be_tried_again_H39()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 2);
        var call = bed.CallAsync(node, "POST", Decommission);
        bed.Until(() => bed.Mode(node) == "LEAVING");
        bed.Run(bed.Node("d", 1), "systemctl stop scylla-server");
        Assert.Contains("went away", (await call).Body, StringComparison.Ordinal);
        Assert.Equal("NORMAL", bed.Mode(node));
        bed.Run(bed.Node("d", 1), "systemctl start scylla-server");
        bed.Until(() => bed.Verdict().Healthy);
        await Leave(bed, node);
    }

    [Fact]
    public async Task Pending_cleanup_is_done_before_a_node_leaves()
    {
        using var bed = WithSpare();
        bed.Run(Spare(bed), "systemctl start scylla-server");
        bed.Until(() => Spare(bed).Serves && bed.Verdict().Healthy);
        var call = bed.CallAsync(bed.Node("c", 1), "POST", Decommission);
        bed.Until(() => bed.Node("b", 1).Cleanup == CleanupStatus.Running);
        Assert.Equal("NORMAL", bed.Mode(bed.Node("c", 1)));
        bed.Until(() => call.IsCompleted);
        Assert.All(bed.Messages.Nodes, node => Assert.Equal(CleanupStatus.Clean, node.Cleanup));
    }

    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000001", "is not found in the cluster")]
    [InlineData("live", "the node being removed is alive, maybe you should use decommission instead?")]
    [InlineData("bad", "Cannot parse")]
    public async Task Remove_node_refuses_what_is_not_a_dead_member(string host, string why)
    {
        using var bed = new TestBed();
        var id = host == "live" ? bed.Node("c", 1).Id.HostId.ToString() : host;
        var answer = await bed.CallAsync(bed.Node("b", 1), "POST", $"/storage_service/remove_node?host_id={id}");
        Assert.Contains(why, answer.Body, StringComparison.Ordinal);
        Assert.Equal(host == "bad" ? 400 : 500, answer.Status);
        Assert.Empty(bed.Effects());
    }

    [Fact]
    public async Task A_removed_node_and_those_ignored_are_banned_even_when_the_removal_fails_H16()
    {
        using var bed = new TestBed();
        var (dead, other, third) = (bed.Node("c", 1), bed.Node("c", 2), bed.Node("c", 3));
        Array.ForEach([dead, other, third], node => bed.Run(node, "systemctl stop scylla-server"));
        var failed = Remove(bed, dead, $"&ignore_nodes={other.Id.HostId}");
        var second = Remove(bed, dead, $"&ignore_nodes={other.Id.HostId}");
        Assert.Contains("Concurrent request for removal already in progress", (await second).Body, StringComparison.Ordinal);
        bed.Until(() => failed.IsCompleted);
        Assert.Contains("Removenode failed: node removal rejected: request canceled because some required nodes are dead", (await failed).Body, StringComparison.Ordinal);
        Assert.True(dead.IsBanned && other.IsBanned && !third.IsBanned);

        var both = Remove(bed, dead, $"&ignore_nodes={other.Id.HostId},{third.Id.HostId}");
        bed.Until(() => dead.Ring == RingState.Removing);
        Assert.Equal([dead.Id.Address], bed.Read<string[]>(bed.Node("b", 1), "/storage_service/nodes/leaving"));
        bed.Until(() => both.IsCompleted);
        Assert.Equal(200, (await both).Status);
        Assert.DoesNotContain(dead.Id.Address, HostIds(bed, bed.Node("b", 1)).Keys);
        bed.Exec(other, "systemctl start scylla-server");
        bed.Until(() => other.Process == ProcessState.Starting);
        bed.Until(() => other.Process == ProcessState.Stopped);
    }

    [Fact]
    public async Task Only_dead_members_can_be_excluded_and_then_a_join_need_not_wait_for_them()
    {
        using var bed = WithSpare();
        var (asked, dead) = (bed.Node("b", 1), bed.Node("c", 1));
        Task<RestAnswer> Exclude(Guid host) => bed.CallAsync(asked, "POST", $"/storage_service/exclude_node?hosts={host}");
        Assert.Equal(500, (await Exclude(dead.Id.HostId)).Status);
        Assert.Equal(400, (await Exclude(Guid.Empty)).Status);
        bed.Run(dead, "systemctl stop scylla-server");
        Assert.Equal(200, (await Exclude(dead.Id.HostId)).Status);
        Assert.Equal([dead.Id.HostId], bed.Read<Guid[]>(asked, "/storage_service/nodes/excluded"));
        bed.Exec(Spare(bed), "systemctl start scylla-server");
        bed.Until(() => Spare(bed).Serves);
    }

    [Fact]
    public void A_replacement_takes_the_dead_nodes_tokens_and_is_normal_for_peers_before_its_tablets_are_rebuilt()
    {
        using var bed = new TestBed(1, dice => [ClusterPlan.MessagesStaging(dice), ClusterPlan.SearchStaging(dice).WithSpare("a", dice)]);
        var (dead, peer) = (bed.Search.Nodes[0], bed.Search.Nodes[2]);
        var spare = bed.Search.Machines[^1];
        bed.World.Agenda.Run(() => dead.Kill(Cause.Nobody));
        bed.Time.Advance(25);
        var yaml = spare.Machine.Files.Find(MachineFiles.ScyllaYaml)!.Content;
        bed.World.Agenda.Run(() => spare.Machine.Files.Write(MachineFiles.ScyllaYaml, new SimFile($"{yaml}replace_node_first_boot: {dead.Id.HostId}\n", "644"), Cause.Nobody));
        bed.Exec(spare, "systemctl start scylla-server");
        bed.Until(() => spare.Ring == RingState.Replacing);
        Assert.Contains(dead.Id.Address, HostIds(bed, peer).Keys);
        Assert.DoesNotContain(spare.Id.Address, HostIds(bed, peer).Keys);

        bed.Until(() => HostIds(bed, peer).ContainsKey(spare.Id.Address));
        Assert.DoesNotContain(dead.Id.Address, HostIds(bed, peer).Keys);
        Assert.Equal("BOOTSTRAP", bed.Mode(spare));
        Assert.True(bed.Search.Tablets.LiesOn(dead));
        bed.Until(() => bed.Mode(spare) == "NORMAL");
        Assert.False(bed.Search.Tablets.LiesOn(dead));
        Assert.Equal(dead.Id.Tokens, spare.Id.Tokens);
        bed.Until(() => bed.Verdict().Healthy);
        Assert.False(bed.Verdict().QuorumEverLost);
    }

    [Fact]
    public void After_a_join_tablets_migrate_while_balancing_is_on_and_quiesce_waits_for_them()
    {
        using var bed = new TestBed(1, dice => [ClusterPlan.MessagesStaging(dice), ClusterPlan.SearchStaging(dice).WithSpare("a", dice)]);
        var spare = bed.Search.Machines[^1];
        bed.Run(spare, "systemctl start scylla-server");
        bed.Until(() => spare.Serves);
        Assert.Equal("tablet migration", bed.Search.Topology.TransitionState);
        var quiet = bed.CallAsync(bed.Search.Nodes[1], "POST", "/storage_service/quiesce_topology");
        var off = bed.CallAsync(bed.Search.Nodes[1], "POST", "/storage_service/tablets/balancing?enabled=false");
        Assert.False(quiet.IsCompleted || off.IsCompleted);
        bed.Until(() => quiet.IsCompleted && off.IsCompleted);
        var few = bed.Search.Tablets.CountOn(spare);
        bed.Time.Advance(60);
        Assert.Equal(few, bed.Search.Tablets.CountOn(spare));
        _ = bed.CallAsync(bed.Search.Nodes[1], "POST", "/storage_service/tablets/balancing?enabled=true");
        bed.Until(() => bed.Search.Tablets.CountOn(spare) >= 6);
        bed.Until(() => bed.Search.Topology.TransitionState is null);
        Assert.DoesNotContain(bed.Search.Keyspaces.SelectMany(ks => ks.Tables).SelectMany(t => t.Tablets), tablet => tablet.Stage is not null);
    }

    [Fact]
    public async Task A_rebuild_shows_as_one_and_an_unknown_source_is_refused()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 1);
        var call = bed.CallAsync(node, "POST", "/storage_service/rebuild?source_dc=us-east1");
        bed.Until(() => node.Ring == RingState.Rebuilding);
        Assert.Equal("rebuild", Tasks(bed, bed.Node("b", 1), "node_ops").Single().type);
        bed.Until(() => call.IsCompleted);
        Assert.Equal(200, (await call).Status);
        var wrong = bed.CallAsync(node, "POST", "/storage_service/rebuild?source_dc=nowhere");
        bed.Until(() => wrong.IsCompleted);
        Assert.Contains("Rebuild failed", (await wrong).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_leader_steps_down_and_nobody_else_can()
    {
        using var bed = new TestBed();
        var leader = bed.Messages.Raft.Leader!;
        var follower = bed.Messages.Nodes.First(node => node != leader);
        Assert.Equal(500, (await bed.CallAsync(follower, "POST", "/raft/trigger_stepdown")).Status);
        Assert.Equal(200, (await bed.CallAsync(leader, "POST", "/raft/trigger_stepdown/")).Status);
        Assert.NotEqual(leader.Id.HostId, bed.Read<Guid>(follower, "/raft/leader_host"));
    }

    [Fact]
    public void The_thirty_node_cluster_has_vnodes_and_tablets_and_survives_a_zone()
    {
        using var bed = new TestBed(1, dice => [ClusterPlan.GuildsStaging(dice)]);
        var guilds = bed.World.Clusters[0];
        Assert.Equal([10, 10, 10], guilds.Nodes.CountBy(node => node.Id.Rack).Select(rack => rack.Value));
        Assert.Equal(480, guilds.Ranges(guilds.Keyspace("guilds")!, null).Length);
        foreach (var node in guilds.Nodes.Where(node => node.Id.Rack == "c"))
        {
            bed.Exec(node, "systemctl stop scylla-server");
        }

        bed.Time.Advance(20);
        Assert.False(bed.Verdict().QuorumEverLost);
    }

    private static TestBed WithSpare() =>
        new(1, dice => [ClusterPlan.MessagesStaging(dice).WithSpare("b", dice), ClusterPlan.SearchStaging(dice)]);

    private static SimNode Spare(TestBed bed) => bed.Messages.Machines[^1];

    private static async Task Leave(TestBed bed, SimNode node)
    {
        var call = bed.CallAsync(node, "POST", Decommission);
        bed.Until(() => call.IsCompleted, atMost: 600);
        Assert.Equal((200, ""), Shape(await call));
    }

    private static Task<RestAnswer> Remove(TestBed bed, SimNode dead, string more) =>
        bed.CallAsync(bed.Node("b", 1), "POST", $"/storage_service/remove_node?host_id={dead.Id.HostId}{more}");

    private static Dictionary<string, string> HostIds(TestBed bed, SimNode node) =>
        bed.Read<MapEntry<string>[]>(node, "/storage_service/host_id").ToDictionary(e => e.key, e => e.value);

    private static TaskRow[] Tasks(TestBed bed, SimNode node, string module) =>
        bed.Read<TaskRow[]>(node, $"/task_manager/list_module_tasks/{module}");

    private static (int Status, string Body) Shape(RestAnswer answer) => (answer.Status, answer.Body);

#pragma warning disable IDE1006, SA1300 // Scylla's own spelling.
    private sealed record MapEntry<T>(string key, T value);

    private sealed record TaskRow(string task_id, string type, string state, string entity);
#pragma warning restore IDE1006, SA1300
}
