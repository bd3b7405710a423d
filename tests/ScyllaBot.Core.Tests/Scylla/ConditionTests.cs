using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Tests.Scylla;

public sealed class ConditionTests
{
    private static readonly Node Subject = NodeBench.Cluster.Nodes[0];
    private static readonly Node Peer = NodeBench.Cluster.Nodes[3];

    [Fact]
    public async Task A_healthy_node_is_up_for_everybody()
    {
        Assert.Null(await new NodeBench().WhyNotAsync(new UpForAllPeers()));
        Assert.Null(await new NodeBench().WhyNotAsync(new IsUpNormal()));
        Assert.Null(await new NodeBench().WhyNotAsync(new IsUpNormal { KnownNode = Peer.Name }));
    }

    [Fact]
    public async Task One_peer_that_still_sees_it_down_is_enough() => Assert.Equal(
        "messages-c-2 does not see messages-b-1 up", await new NodeBench().SeesDown(Peer, Subject).WhyNotAsync(new UpForAllPeers()));

    [Fact]
    public async Task It_must_see_its_peers_too() => Assert.Equal(
        "messages-b-1 does not see messages-c-2 up", await new NodeBench().SeesDown(Subject, Peer).WhyNotAsync(new UpForAllPeers()));

    [Fact]
    public async Task Another_held_node_is_excepted_R2()
    {
        var bench = new NodeBench { Held = [Subject.Name, Peer.Name] }.SeesDown(Subject, Peer).Says(Peer, "gossiper/endpoint/live", "404");
        Assert.Null(await bench.WhyNotAsync(new UpForAllPeers()));
    }

    [Fact]
    public async Task A_peer_that_can_not_be_asked_proves_nothing() => Assert.Equal(
        "messages-c-2 can not be asked what it sees",
        await new NodeBench().Says(Peer, "gossiper/endpoint/live", "404").WhyNotAsync(new UpForAllPeers()));

    [Theory]
    [InlineData("storage_service/operation_mode", "\"JOINING\"", "messages-b-1 is JOINING")]
    [InlineData("storage_service/operation_mode", "404", "messages-b-1 is not answering")]
    [InlineData("storage_service/native_transport", "false", "messages-b-1 is NORMAL but CQL is closed")]
    [InlineData("storage_service/native_transport", "404", "messages-b-1 is NORMAL but CQL is not telling")]
    public async Task The_node_itself_must_serve(string path, string json, string why)
    {
        Assert.Equal(why, await new NodeBench().Says(Subject, path, json).WhyNotAsync(new UpForAllPeers()));
        Assert.Equal(why, await new NodeBench().Says(Subject, path, json).WhyNotAsync(new IsUpNormal()));
    }

    [Fact]
    public async Task An_address_under_another_host_id_is_another_node()
    {
        var ids = $"[{{\"key\":\"{Subject.Address}\",\"value\":\"{Guid.Empty}\"}}]";
        const string Why = "messages-c-2 knows 10.0.1.1 by another host id than the inventory";
        var bench = new NodeBench().Says(Peer, "storage_service/host_id", ids);
        Assert.Equal(Why, await bench.WhyNotAsync(new UpForAllPeers()));
        Assert.Equal(Why, await bench.WhyNotAsync(new IsUpNormal { KnownNode = Peer.Name }));
    }

    [Fact]
    public async Task The_known_nodes_view_is_the_one_that_counts()
    {
        var bench = new NodeBench().SeesDown(Peer, Subject);
        Assert.Equal("messages-c-2 does not see messages-b-1 up", await bench.WhyNotAsync(new IsUpNormal { KnownNode = Peer.Name }));
        Assert.Null(await bench.WhyNotAsync(new IsUpNormal { KnownNode = "messages-d-1" }));
        Assert.Null(await bench.WhyNotAsync(new IsUpNormal()));
    }

    [Fact]
    public async Task A_node_that_joins_is_not_normal_yet() => Assert.Equal(
        "messages-c-2 sees messages-b-1 still joining",
        await new NodeBench().Says(Peer, "storage_service/nodes/joining", $"[\"{Subject.Address}\"]")
            .WhyNotAsync(new IsUpNormal { KnownNode = Peer.Name }));

    [Theory]
    [InlineData("messages-b-1", "known_node messages-b-1 is the node itself, which can not vouch for itself")]
    [InlineData("elsewhere", "known_node elsewhere is not in messages-stg")]
    public async Task A_known_node_that_can_never_tell_fails_at_once_R8(string known, string why) => Assert.Equal(
        why, (await Assert.ThrowsAsync<UnrecoverableException>(
            () => new NodeBench().WhyNotAsync(new IsUpNormal { KnownNode = known }))).Message);

    [Fact]
    public async Task Compactions_of_all_shards_are_added_up()
    {
        var bench = new NodeBench { Metrics = Compactions(running: [3, 2], queued: [4, 1]) };
        Assert.Null(await bench.WhyNotAsync(new CompactionsNominal()));
        Assert.Equal("10 compactions running or queued on messages-b-1, more than 9",
            await bench.WhyNotAsync(new CompactionsNominal { MaxPending = 9 }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("scylla_compaction_manager_compactions{shard=\"0\"} 0\n")]
    [InlineData("scylla_compaction_manager_pending_compactions{shard=\"0\"} 0\n")]
    public async Task Compactions_that_are_not_told_are_not_nominal(string metrics) => Assert.Equal(
        "messages-b-1 does not tell its compactions yet",
        await new NodeBench { Metrics = metrics }.WhyNotAsync(new CompactionsNominal { MaxPending = 100 }));

    [Theory]
    [InlineData(null), InlineData("404")]
    public async Task Metrics_that_can_not_be_read_may_be_readable_later(string? metrics) =>
        await Assert.ThrowsAsync<RecoverableException>(() => new NodeBench { Metrics = metrics }.WhyNotAsync(new CompactionsNominal()));

    [Fact]
    public async Task A_wait_ends_when_all_its_checks_hold()
    {
        var bench = new NodeBench();
        await bench.RunAsync(new WaitForConditions
        {
            Conditions = [new() { Condition = new UpForAllPeers() }, new() { Condition = new ClusterNormal() }],
        });

        var log = string.Join('\n', bench.Log);
        Assert.Contains("Condition Check (Node is up for all peers): Condition passed", log, StringComparison.Ordinal);
        Assert.Contains("Condition Check (Cluster is normal): Condition passed", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_out_of_patience_says_what_was_missing()
    {
        var wait = new WaitForConditions { Conditions = [new() { Condition = new UpForAllPeers(), Timeout = TimeSpan.Zero }] };
        var failure = await Assert.ThrowsAsync<UnrecoverableException>(() => new NodeBench().SeesDown(Peer, Subject).RunAsync(wait));
        Assert.Contains("messages-c-2 does not see messages-b-1 up", failure.Message, StringComparison.Ordinal);
    }

    private static string Compactions(int[] running, int[] queued) =>
        "# TYPE scylla_compaction_manager_compactions gauge\n"
        + string.Concat(running.Select((n, shard) => $"scylla_compaction_manager_compactions{{shard=\"{shard}\"}} {n}\n"))
        + string.Concat(queued.Select((n, shard) => $"scylla_compaction_manager_pending_compactions{{shard=\"{shard}\"}} {n}\n"))
        + "scylla_compaction_manager_completed_compactions{shard=\"0\"} 12345\n";
}
