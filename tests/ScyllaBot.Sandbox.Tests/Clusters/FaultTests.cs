using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class FaultTests
{
    [Fact]
    public async Task A_hung_drain_keeps_the_lock_and_holds_the_stop_until_systemd_kills()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.DrainHangs, node);
        var drain = bed.CallAsync(node, "POST", "/storage_service/drain");
        bed.Time.Advance(300);
        Assert.Equal("DRAINING", bed.Mode(node));
        Assert.False(drain.IsCompleted);
        Assert.Equal(500, (await bed.CallAsync(node, "POST", "/storage_service/drain")).Status);

        var stop = bed.Exec(node, "systemctl stop scylla-server").Result!;
        Assert.InRange(bed.Until(() => stop.IsCompleted, atMost: 1000), 899, 901);
        Assert.Equal(0, (await stop).Exit);
        Assert.Equal(
            "ActiveState=failed\nSubState=failed\nResult=timeout",
            bed.Run(node, "systemctl show scylla-server --property=ActiveState,SubState,Result").Output);
        Assert.Equal(0, (await drain).Status);
        Assert.Equal(["drain", "stop", "kill"], bed.Effects().Select(effect => effect.Kind));
    }

    [Fact]
    public async Task Lifting_the_faults_lets_a_hung_drain_finish()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.DrainHangs, node);
        var drain = bed.CallAsync(node, "POST", "/storage_service/drain");
        bed.Time.Advance(60);
        bed.World.Agenda.Run(bed.World.LiftFaults);
        bed.Time.Advance(1);

        Assert.Equal("DRAINED", bed.Mode(node));
        Assert.Equal(200, (await drain).Status);
    }

    [Fact]
    public void A_failing_start_exits_1_leaves_the_unit_failed_and_the_next_one_works()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl stop scylla-server");
        bed.Arm(FaultKind.StartFails, node);
        var failed = bed.Run(node, "systemctl start scylla-server");

        Assert.Equal(1, failed.Exit);
        Assert.Contains("Startup failed", failed.Output, StringComparison.Ordinal);
        Assert.Equal(new CommandResult(3, "failed"), bed.Run(node, "systemctl is-active scylla-server"));
        Assert.Equal(0, bed.Run(node, "systemctl start scylla-server").Exit);
        bed.Until(() => bed.Verdict().Healthy);
    }

    [Fact]
    public void Gossip_lag_leaves_one_peer_behind_for_its_time()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.GossipLag, node, seconds: 300);
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");
        bed.Time.Advance(290);

        var lagging = Assert.Single(bed.Messages.Nodes, peer => peer != node && bed.SeesDown(peer, node));
        bed.Time.Advance(11);
        Assert.False(bed.SeesDown(lagging, node));
    }

    [Fact]
    public void Api_500_answers_that_many_calls_with_an_error()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.Api500, node, count: 2);
        var statuses = Enumerable.Range(0, 3).Select(_ => bed.Get(node, "/storage_service/operation_mode").Status);

        Assert.Equal([500, 500, 200], statuses);
    }

    [Fact]
    public async Task A_node_that_dies_resets_the_call_in_flight_and_stays_dead_when_faults_are_lifted()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.DrainHangs, node);
        var drain = bed.CallAsync(node, "POST", "/storage_service/drain");
        bed.World.Agenda.Run(() => node.Kill(Cause.Nobody));
        bed.World.Agenda.Run(bed.World.LiftFaults);
        bed.Time.Advance(3600);

        Assert.Equal(0, (await drain).Status);
        Assert.Equal(ProcessState.Dead, node.Process);
        Assert.Equal(0, bed.Get(node, "/storage_service/operation_mode").Status);
        Assert.Equal("failed", bed.Run(node, "systemctl is-active scylla-server").Output);
    }

    [Fact]
    public void Node_dies_without_a_name_kills_one_serving_node_at_once()
    {
        using var bed = new TestBed();
        bed.World.Agenda.Run(() => bed.World.Arm(FaultKind.NodeDies, bed.Search, null, 1, TimeSpan.Zero));

        Assert.Single(bed.World.Nodes, node => node.Process == ProcessState.Dead && node.Cluster == bed.Search);
        Assert.Empty(bed.World.Faults.Waiting);
    }

    [Fact]
    public void Stuck_compactions_do_not_decay_until_their_time_is_over()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Arm(FaultKind.CompactionsStuck, node, seconds: 600);
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");
        bed.Time.Advance(590);
        Assert.True(Pending(bed, node) > 20);
        bed.Time.Advance(75);
        Assert.InRange(Pending(bed, node), 1, 5);
    }

    [Fact]
    public void After_a_restart_the_backlog_falls_back_to_a_baseline_above_zero_within_a_minute()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        Assert.InRange(Pending(bed, node), 1, 5);
        bed.Run(node, "systemctl restart scylla-server");
        bed.Until(() => bed.Mode(node) == "NORMAL");
        var burst = Pending(bed, node);
        bed.Time.Advance(10);
        var later = Pending(bed, node);
        bed.Time.Advance(51);

        Assert.True(burst >= 24 && later < burst && later > 5, $"{burst}, then {later}");
        Assert.InRange(Pending(bed, node), 1, 5);
    }

    [Fact]
    public void A_slow_start_takes_its_seconds_more()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);
        bed.Run(node, "systemctl stop scylla-server");
        bed.Arm(FaultKind.SlowStart, node, seconds: 500);
        var start = bed.Exec(node, "systemctl start scylla-server").Result!;

        Assert.InRange(bed.Until(() => start.IsCompleted, atMost: 600), 505, 515);
    }

    private static int Pending(TestBed bed, SimNode node) => bed.Read<int>(node, "/compaction_manager/metrics/pending_tasks");
}
