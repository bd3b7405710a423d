using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class DrainTests
{
    private const string Drain = "/storage_service/drain";

    [Fact]
    public async Task Takes_two_seconds_and_a_flush_and_ends_drained()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 2);
        var drain = bed.CallAsync(node, "POST", Drain);

        Assert.Equal("DRAINING", bed.Mode(node));
        Assert.Equal("false", bed.Get(node, "/storage_service/native_transport").Body);
        Assert.False(drain.IsCompleted);
        Assert.InRange(bed.Until(() => bed.Mode(node) == "DRAINED"), 1.95, 2.55);
        var answer = await drain;
        Assert.Equal((200, ""), (answer.Status, answer.Body));
    }

    [Fact]
    public void Peers_see_the_node_down_at_once_and_it_leaves_its_own_live_list()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 2);
        _ = bed.CallAsync(node, "POST", Drain);

        Assert.All(bed.Messages.Nodes.Where(peer => peer != node), peer => Assert.True(bed.SeesDown(peer, node)));
        Assert.DoesNotContain(node.Id.Address, bed.Read<string[]>(node, "/gossiper/endpoint/live"));
    }

    [Fact]
    public async Task A_second_drain_while_one_runs_is_told_to_try_again()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 2);
        _ = bed.CallAsync(node, "POST", Drain);
        var second = await bed.CallAsync(node, "POST", Drain);
        var gossip = await bed.CallAsync(node, "DELETE", "/storage_service/gossiping");

        const string Busy = """{"message":"std::runtime_error (Operation drain is in progress, try again)","code":500}""";
        Assert.Equal((500, Busy), (second.Status, second.Body));
        Assert.Equal((500, Busy), (gossip.Status, gossip.Body));
    }

    [Fact]
    public async Task A_drained_node_takes_another_drain_as_done_and_does_not_come_back_by_api()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 2);
        _ = bed.CallAsync(node, "POST", Drain);
        bed.Until(() => bed.Mode(node) == "DRAINED");

        Assert.Equal(200, (await bed.CallAsync(node, "POST", Drain)).Status);
        await bed.CallAsync(node, "POST", "/storage_service/gossiping");
        await bed.CallAsync(node, "POST", "/storage_service/native_transport");
        bed.Time.Advance(60);
        Assert.Equal("DRAINED", bed.Mode(node));
        Assert.Equal("false", bed.Get(node, "/storage_service/gossiping").Body);
        Assert.Equal("false", bed.Get(node, "/storage_service/native_transport").Body);
        Assert.Equal(
            (500, """{"message":"std::runtime_error (The gossiper is not ready yet)","code":500}"""),
            (bed.Get(node, "/storage_service/host_id").Status, bed.Get(node, "/storage_service/host_id").Body));
        Assert.Single(bed.Effects());
    }

    [Fact]
    public void The_way_back_is_a_restart()
    {
        using var bed = new TestBed();
        var node = bed.Node("c", 2);
        _ = bed.CallAsync(node, "POST", Drain);
        bed.Until(() => bed.Mode(node) == "DRAINED");
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");
        bed.Until(() => bed.Verdict().Healthy, atMost: 10);

        Assert.Equal(["drain", "stop", "start"], bed.Effects().Select(effect => effect.Kind));
    }

    [Fact]
    public void A_stop_after_a_drain_takes_one_to_three_seconds_and_without_one_drains_inside()
    {
        using var bed = new TestBed();
        var drained = bed.Node("c", 2);
        _ = bed.CallAsync(drained, "POST", Drain);
        bed.Until(() => bed.Mode(drained) == "DRAINED");
        var stop = bed.Exec(drained, "systemctl stop scylla-server").Result!;
        Assert.InRange(bed.Until(() => stop.IsCompleted), 0.95, 3.05);
        bed.Run(drained, "systemctl start scylla-server");
        bed.Until(() => bed.Verdict().Healthy);

        var plain = bed.Node("d", 1);
        stop = bed.Exec(plain, "systemctl stop scylla-server").Result!;
        Assert.Equal("NORMAL", bed.Mode(plain));
        Assert.True(bed.SeesDown(bed.Node("b", 1), plain));
        Assert.InRange(bed.Until(() => stop.IsCompleted), 2.95, 5.55);
        Assert.Equal(new CommandResult(3, "inactive"), bed.Run(plain, "systemctl is-active scylla-server"));
    }
}
