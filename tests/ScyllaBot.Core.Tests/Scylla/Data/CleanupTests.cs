using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Scylla.Data;

public sealed class CleanupTests
{
    [Fact]
    public void A_clean_node_is_left_alone_and_a_dirty_one_is_marked_afterwards()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !cleanup"));
        bed.World.Agenda.Run(() => bed.Sim("c1").Cleanup = CleanupStatus.Needed);
        bed.UntilState(bed.ToEnd(), JobState.Ended);
        Assert.Equal(["cleanup c1", "cleanup c1", "marked-clean c1"], bed.Effects.Select(e => $"{e.Kind} {e.Node}"));
        Assert.Equal(3, bed.Log.Count(l => l.Text == "Already clean"));
    }

    [Fact]
    public void The_cluster_is_cleaned_by_its_coordinator_all_nodes_at_once()
    {
        using var bed = DataBed.Of("cleanup-cluster");
        bed.World.Agenda.Run(() => Array.ForEach(bed.World.Nodes.ToArray(), n => n.Cleanup = CleanupStatus.Needed));
        bed.UntilState(bed.ToEnd(), JobState.Ended);
        Assert.Equal(4, bed.Count("cleanup"));
        Assert.All(bed.World.Nodes, n => Assert.Equal(CleanupStatus.Clean, n.Cleanup));
    }

    [Fact]
    public void A_cleanup_that_never_ends_calls_somebody_when_its_patience_is_over()
    {
        using var bed = DataBed.Of("cleanup-cluster\n    patience_seconds: 600");
        bed.World.Agenda.Run(() => bed.Sim("d1").Cleanup = CleanupStatus.Needed);
        var id = bed.Begin();
        bed.Until(() => bed.Sim("d1").Cleanup == CleanupStatus.Running);

        // Its node goes away in the middle and stays away: the request waits for it.
        bed.World.Agenda.Run(() => bed.Sim("d1").Kill(Cause.Nobody));
        bed.UntilState(id, JobState.Halted);
        Assert.StartsWith("cleanup did not end within 0.2 h: d1: ", bed.Halt(), StringComparison.Ordinal);
        Assert.False(bed.Events.OfType<Halted>().Single().Recoverable);
    }

    [Fact]
    public void Scylla_itself_refuses_a_cleanup_while_the_ring_changes_and_the_client_says_its_words()
    {
        using var bed = DataBed.Of("probe");
        bed.Ports.Rewrite = (call, body) => body;
        var refused = DataBed.Ask(
            async (b, context, ct) =>
            {
                var api = context.Api(context.Cluster.Nodes[0]);
                _ = b.World.Agenda.Run(() => b.World.Clusters[0].Topology.RebuildAsync(b.Sim("d1"), null, Cause.Nobody));
                return (await Assert.ThrowsAsync<UnrecoverableException>(() => api.StartCleanupAsync("discord", ct))).Message;
            },
            bed);
        Assert.Contains("Can not perform cleanup operation when topology changes", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cleanup_from_before_the_ring_changed_proves_nothing_to_the_next_attempt()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !cleanup\n  retries: 5\n  retry_delay_seconds: 600"));
        bed.World.Agenda.Run(() => bed.Sim("b1").Cleanup = CleanupStatus.Needed);
        var id = bed.Start(BedPeople.Own("b1"));
        bed.Until(() => bed.Count("cleanup") == 2);

        // Somebody works on the ring now; when it is over there is more to clean up than was cleaned.
        bed.World.Agenda.Run(() => { _ = bed.World.Clusters[0].Topology.RebuildAsync(bed.Sim("d1"), null, Cause.Nobody); });
        bed.Until(() => bed.Events.OfType<StepFailed>().Any());
        Assert.Equal(CleanupStatus.Needed, bed.Sim("b1").Cleanup);
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, bed.World.Clusters[0].Tasks.All.Count(t => t.Type == "cleanup compaction"));
        Assert.Equal(CleanupStatus.Clean, bed.Sim("b1").Cleanup);
    }

    [Fact]
    public void R12_an_upgrade_of_sstables_is_asked_for_once_although_it_is_a_GET()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !upgrade-sstables\n    keyspaces: [discord]\n  retries: 1\n  retry_delay_seconds: 1"));
        var asked = 0;
        bed.Ports.Fate = call => call.What.Contains("/tasks/compaction/keyspace_upgrade_sstables", StringComparison.Ordinal) && ++asked == 1 ? Loss.After : Loss.None;
        bed.UntilState(bed.Start(BedPeople.Own("b1")), JobState.Ended);
        Assert.Equal(1, asked);
        Assert.Equal(1, bed.Count("upgrade-sstables"));
    }

    [Fact]
    public void A_compaction_that_dies_with_its_process_is_begun_again_by_the_next_attempt()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !compact\n    keyspace: discord\n  retries: 3\n  retry_delay_seconds: 60"));
        var id = bed.Start(BedPeople.Own("b1"));
        bed.Until(() => bed.World.Clusters[0].Tasks.Running.Any());
        bed.World.Agenda.Run(() => bed.Sim("b1").Kill(Cause.Nobody));
        bed.Boot("b1");
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(1, bed.Count("major-compaction"));
        Assert.Contains(bed.Events.OfType<StepFailed>(), f => f.Recoverable);
    }
}
