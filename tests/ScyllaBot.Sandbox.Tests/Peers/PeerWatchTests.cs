using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Sandbox.Peers;

namespace ScyllaBot.Sandbox.Tests.Peers;

/// <summary>Every process's own view of the others (facts/scylla.md 5.3).</summary>
public sealed class PeerWatchTests : IDisposable
{
    private readonly PeerBed _bed = new();

    public PeerWatchTests() => _bed.BootAll();

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Processes_of_the_same_members_and_seed_know_the_same_ring_and_find_each_other()
    {
        Assert.Equal(["one two three", "one two three", "one two three"], PeerBed.Members.Select(m => _bed.Up(m.Name)));
        Assert.Single(PeerBed.Members.Select(m => string.Join(' ', _bed[m.Name].Cluster.Nodes.Select(n => n.Id.HostId))).Distinct());
        Assert.Single(PeerBed.Members.Select(m => string.Join(' ', _bed[m.Name].Cluster.Tokens)).Distinct());
        Assert.All(PeerBed.Members, m => Assert.Equal("one", _bed[m.Name].Cluster.Raft.Leader!.Id.Name));
    }

    [Fact]
    public void A_node_that_has_not_joined_yet_sees_nobody_and_is_seen_by_nobody()
    {
        var (generation, clean) = _bed.Cut("two");
        _bed.Advance(40);
        _bed.Boot("two", generation, clean);

        Assert.Equal("one three", _bed.Up("one"));
        Assert.Equal("", _bed.Up("two"));
        _bed.Advance(90);
        Assert.Equal("one two three", _bed.Up("two"));
        Assert.Equal("one two three", _bed.Up("one"));
    }

    [Fact]
    public void A_drain_is_heard_at_once()
    {
        _bed.Drain("two");

        Assert.Equal("one three", _bed.Up("one"));
        Assert.Equal("one three", _bed.Up("three"));
        _bed.Advance(5);
        Assert.Equal(OperationMode.Drained, _bed["two"].Mode);
    }

    [Fact]
    public void A_stop_is_heard_at_once_and_leaves_a_clean_commit_log()
    {
        _bed.Terminate("two");

        Assert.Equal("one three", _bed.Up("one"));
        _bed.Advance(10);
        Assert.Equal(ProcessState.Stopped, _bed["two"].Process);
        Assert.True(_bed["two"].IsCommitLogClean);
    }

    [Fact]
    public void A_silent_death_is_noticed_after_twenty_seconds_and_leaves_a_commit_log_to_replay()
    {
        var (_, clean) = _bed.Cut("two");

        _bed.Advance(18);
        Assert.Equal("one two three", _bed.Up("one"));
        _bed.Advance(5);
        Assert.Equal("one three", _bed.Up("one"));
        Assert.False(clean);
    }

    [Fact]
    public void A_node_without_a_cable_sees_only_itself_and_comes_back_without_a_restart()
    {
        _bed.Unplugged.Add("two");
        _bed.Advance(25);
        Assert.Equal(["one three", "two", "one three"], PeerBed.Members.Select(m => _bed.Up(m.Name)));

        _bed.Unplugged.Clear();
        _bed.Advance(3);
        Assert.All(PeerBed.Members, m => Assert.Equal("one two three", _bed.Up(m.Name)));
    }

    [Fact]
    public void A_restart_faster_than_the_failure_detector_is_told_by_its_generation()
    {
        var before = _bed["two"].Generation;
        _bed.Cut("two");
        _bed.Boot("two", before, clean: true);
        _bed.Advance(19);
        _bed.Advance(21);

        Assert.True(_bed["two"].Generation > before);
        Assert.Equal(_bed["two"].Generation, _bed["one"].Cluster.Nodes.Single(n => n.Id.Name == "two").Generation);
        Assert.Equal("one two three", _bed.Up("one"));
    }

    [Fact]
    public void A_shutdown_message_of_an_older_process_is_no_news()
    {
        var leave = new PeerLeave("two", _bed["two"].Generation - 1);
        var world = new SandboxWorld(_bed.Time, 7, dice => [ClusterPlan.Of("bed", PeerBed.Members, dice)]);
        var one = world.Node("one")!;
        var watch = world.Agenda.Run(() => new PeerWatch(one, world, new Deaf(), TimeSpan.FromSeconds(20)));
        world.Agenda.Run(() => one.Cluster.Nodes[1].Mirror(PeerState.Of(_bed["two"])!));

        world.Agenda.Run(() => watch.Heard(leave));
        Assert.True(one.Cluster.Gossip.SeesUp(one, one.Cluster.Nodes[1]));
        world.Agenda.Run(() => watch.Heard(leave with { Generation = leave.Generation + 1 }));
        Assert.False(one.Cluster.Gossip.SeesUp(one, one.Cluster.Nodes[1]));
        world.Dispose();
    }

    private sealed class Deaf : IPeerWire
    {
        public Task<PeerState?> AskAsync(string peer) => Task.FromResult<PeerState?>(null);

        public Task TellAsync(string peer, PeerLeave leave) => Task.CompletedTask;
    }
}
