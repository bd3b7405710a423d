using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;

namespace ScyllaBot.Core.Tests.Scylla.Data;

public sealed class ManagerTests
{
    [Fact]
    public void R26_a_running_repair_is_waited_for_and_never_stopped()
    {
        using var bed = DataBed.Of("manager-suspend");
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Start(bed.Weekly()));
        var id = bed.Begin();
        bed.Pass(TimeSpan.FromSeconds(10));
        Assert.False(bed.Manager().Tasks.Suspended);
        bed.UntilState(id, JobState.Ended);
        Assert.True(bed.Manager().Tasks.Suspended);
        Assert.Equal("DONE", bed.Weekly().Status);
        Assert.Contains(bed.Log, l => l.Text == "Waiting: repair/all-weekly at work");
    }

    [Fact]
    public void R26_what_runs_for_longer_than_the_patience_halts_the_job_and_nothing_is_left_behind()
    {
        using var bed = DataBed.Of("manager-suspend\n    patience_seconds: 10");
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Start(bed.Weekly()));
        bed.ToEnd();
        Assert.Contains("a running task is not stopped", bed.Halt(), StringComparison.Ordinal);
        Assert.DoesNotContain(bed.Manager().Tasks.All, t => t.Name == "scyllabot-suspended");
        Assert.False(bed.Manager().Tasks.Suspended);
    }

    [Fact]
    public void R26_only_what_we_suspended_is_resumed_and_the_mark_is_how_we_know()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !manager-suspend\n- task: !probe\n- task: !manager-resume"));
        JsonObject? labels = null;
        bed.Ports.ProbeAsync = (_, _, _) =>
        {
            Assert.True(bed.Manager().Tasks.Suspended);
            labels = bed.Manager().Tasks.All.Single(t => t.Name == "scyllabot-suspended").Labels;
            return Task.CompletedTask;
        };
        var id = bed.ToEnd();
        Assert.Equal(JobState.Ended, bed.Job(id).State);
        Assert.Equal(id.ToString(), (string?)labels!["scyllabot-suspended-by"]);
        Assert.False(bed.Manager().Tasks.Suspended);
        Assert.DoesNotContain(bed.Manager().Tasks.All, t => t.Name == "scyllabot-suspended");
    }

    [Fact]
    public void R26_somebody_elses_suspension_stays()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !manager-suspend\n- task: !manager-resume"));
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Suspend(null, failIfRunning: false));
        bed.UntilState(bed.ToEnd(), JobState.Ended);
        Assert.True(bed.Manager().Tasks.Suspended);
        Assert.Equal(0, bed.Count("manager-task") + bed.Count("manager-resume"));
    }

    [Fact]
    public void R26_nothing_is_resumed_while_the_topology_changes()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !manager-suspend\n- task: !probe\n- task: !manager-resume\n    patience_seconds: 60"));
        bed.Ports.ProbeAsync = (_, _, _) =>
        {
            bed.World.Agenda.Run(() => { _ = bed.World.Clusters[0].Topology.RebuildAsync(bed.Sim("d1"), null, Sandbox.Clusters.Cause.Nobody); });
            return Task.CompletedTask;
        };
        var id = bed.Begin();
        bed.Until(() => bed.Job(id).Step(new StepKey("2", null)) is { Status: StepStatus.Succeeded } && !bed.World.Clusters[0].Topology.IsIdle);
        Assert.True(bed.Manager().Tasks.Suspended);
        bed.Until(() => !bed.Manager().Tasks.Suspended || bed.Job(id).State == JobState.Halted);
        Assert.True(bed.World.Clusters[0].Topology.IsIdle || bed.Job(id).State == JobState.Halted);
    }

    [Fact]
    public void Its_own_task_is_run_once_and_waited_for()
    {
        using var bed = DataBed.Of("manager-repair\n    repair_task: all-weekly");
        bed.UntilState(bed.ToEnd(), JobState.Ended);
        Assert.Single(bed.Weekly().Runs);
        Assert.Equal(4, bed.Count("repair"));
        Assert.Contains(bed.Log, l => l.Text == "repair/all-weekly: done");
    }

    [Fact]
    public void A_repair_that_fails_or_is_stopped_says_so_in_the_Managers_words()
    {
        using var bed = DataBed.Of("manager-repair\n    repair_task: all-weekly");
        var id = bed.Begin();
        bed.Until(() => bed.Weekly().IsActive);
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Stop(bed.Weekly()));
        bed.UntilState(id, JobState.Halted);
        Assert.Equal("Manager: repair/all-weekly ended STOPPED: ", bed.Halt());
    }

    [Fact]
    public void A_Manager_that_is_suspended_repairs_nothing()
    {
        using var bed = DataBed.Of("manager-repair");
        bed.World.Agenda.Run(() => bed.Manager().Tasks.Suspend(null, failIfRunning: false));
        bed.ToEnd();
        Assert.Equal("Manager: it is suspended and starts nothing; resume it first", bed.Halt());
    }

    [Fact]
    public void Get_repair_status_prints_what_the_article_prints()
    {
        var lines = GetRepairStatus.Lines(
        [
            Repair("475ebc46-0000-4000-8000-000000000001", "RUNNING", new ManagedSchedule("@every 1h", ""), "discord.messages"),
            Repair("531c5bd3-0000-4000-8000-000000000002", "DONE", new ManagedSchedule("", ""), "discord", "!discord.messages"),
            Repair("6a000000-0000-4000-8000-000000000003", "ERROR", new ManagedSchedule("0 23 * * SAT", "")),
            Repair("6b000000-0000-4000-8000-000000000004", "NEW", new ManagedSchedule("", "7d")),
        ]);
        Assert.Equal(
            [
                "repair/475ebc46-0000-4000-8000-000000000001: RUNNING (keyspaces: discord.messages; schedule: every 1h)",
                "repair/531c5bd3-0000-4000-8000-000000000002: DONE    (keyspaces: discord, !discord.messages; schedule: once)",
                "repair/6a000000-0000-4000-8000-000000000003: ERROR   (keyspaces: *, !system_traces; schedule: 0 23 * * SAT)",
                "repair/6b000000-0000-4000-8000-000000000004: NEW     (keyspaces: *, !system_traces; schedule: every 7d)",
            ],
            lines);
    }

    [Fact]
    public void Get_repair_status_reads_the_Manager_and_leaves_the_bots_own_mark_out()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !manager-suspend\n- task: !get-repair-status\n- task: !manager-resume"));
        bed.UntilState(bed.ToEnd(), JobState.Ended);
        Assert.Equal($"repair/{bed.Weekly().Id}: NEW (keyspaces: *, !system_traces; schedule: 0 23 * * SAT)",
            Assert.Single(bed.Log, l => l.Text.StartsWith("repair/", StringComparison.Ordinal)).Text);
    }

    [Fact]
    public void A_cluster_that_the_Manager_does_not_know_is_said_with_those_it_does() => Assert.Equal(
        "Manager: no cluster nowhere; it knows mini",
        DataBed.Ask(async (_, context, ct) =>
        {
            var manager = new ScyllaManager(context.Cluster.Manager! with { ClusterName = "nowhere" }, context.Http, context.Stamp);
            return (await Assert.ThrowsAsync<UnrecoverableException>(() => manager.TasksAsync(null, ct))).Message;
        }));

    [Fact]
    public void Every_call_of_the_client_is_understood_by_the_Manager()
    {
        using var bed = DataBed.Of("probe");
        DataBed.Ask(
            async (_, context, ct) =>
            {
                var manager = ScyllaManager.Of(context);
                Assert.StartsWith("3.", await manager.VersionAsync(ct), StringComparison.Ordinal);
                Assert.Equal(await manager.ClusterIdAsync(ct), Assert.Single(await manager.ClustersAsync(ct)).Id);
                Assert.Equal(3, (await manager.TasksAsync("healthcheck", ct)).Length);
                var weekly = Assert.Single(await manager.TasksAsync("repair", ct));
                Assert.Equal(("all-weekly", "0 23 * * SAT", "NEW"), ((await manager.TaskAsync("repair", weekly.Id, ct)).Name, $"{weekly.Schedule}", weekly.Status));
                await manager.StartAsync("repair", weekly.Id, resume: true, ct);
                Assert.StartsWith("can't suspend cluster: tasks are running", await manager.SuspendAsync(ct), StringComparison.Ordinal);
                await Task.Delay(TimeSpan.FromSeconds(20), context.Time, ct);
                var progress = await manager.ProgressAsync("repair", weekly.Id, ct);
                Assert.Equal("RUNNING", progress.Run.Status);
                Assert.InRange(progress.Success, 1, 99);
                await manager.StopAsync("repair", weekly.Id, ct);
                await Task.Delay(TimeSpan.FromSeconds(20), context.Time, ct);
                Assert.Equal("STOPPED", Assert.Single(await manager.HistoryAsync("repair", weekly.Id, 5, ct)).Status);
                Assert.Null(await manager.SuspendAsync(ct));
                Assert.Equal((true, ""), await manager.SuspensionAsync(ct));
                await manager.ResumeAsync(missed: false, ct);
                Assert.False(await manager.IsSuspendedAsync(ct));
                var mark = await manager.CreateMarkAsync("m", ImmutableSortedDictionary<string, string>.Empty.Add("k", "v"), ct);
                Assert.Equal("v", (await manager.TaskAsync("repair", mark, ct)).Labels["k"]);
                await manager.DeleteTaskAsync("repair", mark, ct);
                var gone = await Assert.ThrowsAsync<UnrecoverableException>(() => manager.TaskAsync("repair", mark, ct));
                Assert.Matches(@"404 get resource: not found \(trace sandbox-\d+\)$", gone.Message);
                return 0;
            },
            bed);
    }

    private static ManagedTask Repair(string id, string status, ManagedSchedule schedule, params string[] keyspaces) => new(
        Guid.Parse(id), "repair", "", true, status, schedule, [.. keyspaces], ImmutableSortedDictionary<string, string>.Empty);
}
