using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class RaftGroupTests
{
    [Fact]
    public void Five_voters_spread_over_the_racks()
    {
        using var bed = new TestBed();
        var perRack = bed.Messages.Raft.Voters.GroupBy(voter => voter.Id.Rack).Select(rack => rack.Count()).Order();

        Assert.Equal([1, 2, 2], perRack);
    }

    [Fact]
    public void A_dead_voter_loses_its_vote_to_a_live_node()
    {
        using var bed = new TestBed();
        var voter = bed.Messages.Raft.Voters[0];
        bed.Run(voter, "systemctl stop scylla-server");
        bed.Time.Advance(5);

        Assert.DoesNotContain(voter, bed.Messages.Raft.Voters);
        Assert.Equal(5, bed.Messages.Raft.Voters.Count);
        Assert.All(bed.Messages.Raft.Voters, v => Assert.True(v.Serves));
    }

    [Fact]
    public async Task Without_a_majority_votes_stay_there_is_no_leader_and_a_read_barrier_times_out()
    {
        using var bed = new TestBed();
        var voters = bed.Messages.Raft.Voters.ToArray();
        bed.World.Agenda.Run(() => Array.ForEach(voters[..3], voter => voter.Kill(Cause.Nobody)));
        bed.Time.Advance(120);
        var alive = voters[4];

        Assert.Equal(voters, bed.Messages.Raft.Voters);
        Assert.Equal("\"00000000-0000-0000-0000-000000000000\"", bed.Get(alive, "/raft/leader_host").Body);
        var barrier = bed.CallAsync(alive, "POST", "/raft/read_barrier?timeout=10");
        bed.Time.Advance(9.9);
        Assert.False(barrier.IsCompleted);
        bed.Time.Advance(0.2);
        Assert.Equal(500, (await barrier).Status);
        Assert.True(bed.Verdict().RaftMajorityEverLost);
    }

    [Fact]
    public async Task With_a_majority_a_read_barrier_says_nothing_and_wants_a_positive_timeout()
    {
        using var bed = new TestBed();
        var node = bed.Node("b", 1);

        Assert.Equal((200, "\"\""), await Post("/raft/read_barrier?timeout=10"));
        Assert.Equal((200, "\"\""), await Post("/raft/read_barrier"));
        Assert.Equal(400, (await Post("/raft/read_barrier?timeout=0")).Status);
        Assert.Equal(400, (await Post("/raft/read_barrier?timeout=x")).Status);

        async Task<(int Status, string Body)> Post(string path)
        {
            var answer = await bed.CallAsync(node, "POST", path);
            return (answer.Status, answer.Body);
        }
    }
}
