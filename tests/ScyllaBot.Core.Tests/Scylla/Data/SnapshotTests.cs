using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Scylla.Data;

public sealed class SnapshotTests
{
    [Fact]
    public void A_snapshot_bears_the_job_and_only_the_bots_own_are_cleared()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("""
            - task: !snapshot
                tag: before
            - task: !probe
            - task: !clear-snapshots
                tag: before
            """));
        var store = bed.Sim("b1").Store;
        bed.World.Agenda.Run(() => store.TakeSnapshot("manual", [("discord", "messages")]));
        string[] between = [];
        bed.Ports.ProbeAsync = (_, _, _) =>
        {
            between = [.. store.Snapshots.Keys];
            return Task.CompletedTask;
        };
        var id = bed.Start(BedPeople.Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(["manual", $"scp-before-{id}"], between);
        Assert.Equal("manual", Assert.Single(store.Snapshots).Key);
    }

    [Theory]
    [InlineData(""), InlineData(" "), InlineData("a&tag="), InlineData("../x")]
    public void A_DELETE_without_a_tag_would_clear_everything_so_the_client_can_not_send_one(string tag)
    {
        using var bed = DataBed.Of("probe");
        var sent = 0;
        bed.Ports.Saw = call => sent += call.What.StartsWith("DELETE", StringComparison.Ordinal) ? 1 : 0;
        DataBed.Ask(
            async (_, context, ct) =>
            {
                var api = context.Api(context.Cluster.Nodes[0]);
                await Assert.ThrowsAsync<ArgumentException>(() => api.ClearSnapshotAsync(tag, ct));
                await Assert.ThrowsAsync<ArgumentException>(() => api.TakeSnapshotAsync(tag, [], skipFlush: false, ct));
                return 0;
            },
            bed);
        Assert.Equal(0, sent);
    }

    [Fact]
    public void A_tag_that_is_there_already_is_refused_by_the_node_in_its_words()
    {
        var said = DataBed.Ask(async (_, context, ct) =>
        {
            var api = context.Api(context.Cluster.Nodes[0]);
            await api.TakeSnapshotAsync("t", ["discord"], skipFlush: true, ct);
            Assert.Equal(["messages"], (await api.SnapshotsAsync(ct))["t"].Select(t => t.Table));
            Assert.True(await api.SnapshotsSizeAsync(ct) > 0);
            return (await Assert.ThrowsAsync<UnrecoverableException>(() => api.TakeSnapshotAsync("t", ["discord"], skipFlush: true, ct))).Message;
        });
        Assert.Contains("500 std::runtime_error (Keyspace discord: snapshot t already exists.)", said, StringComparison.Ordinal);
    }
}
