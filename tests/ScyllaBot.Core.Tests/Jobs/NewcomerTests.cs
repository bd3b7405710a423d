using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>Nodes that are in the inventory and not in the ring yet (R15, R27).</summary>
public sealed class NewcomerTests
{
    private const string Join = """
        - task: !check-new-node
        - task: !salt-highstate
        - task: !wait-for-conditions
            conditions:
              - condition: !is-up-normal
                success_window_seconds: 60
                poll_interval_seconds: 5
                timeout_seconds: 3600
              - condition: !up-for-all-peers
                timeout_seconds: 600
        """;

    [Fact]
    public void R27_a_new_nodes_identity_is_learnt_when_it_appears_and_written_down_once()
    {
        using var bed = Bed(Join);
        var id = bed.Run(BedPeople.Own("b3"));
        bed.Until(() => bed.Job(id).State is JobState.Ended or JobState.Halted, what: "the end");

        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End?.Outcome);
        var joined = Assert.Single(bed.Events.OfType<NodeJoined>());
        Assert.Equal(("b3", bed.Sim("b3").Id.HostId), (joined.Node, joined.HostId));
        Assert.Equal(RingState.Normal, bed.Sim("b3").Ring);
        Assert.Empty(bed.Events.OfType<JobHeld>());
        Assert.False(bed.Verdict().QuorumEverLost || bed.Verdict().RaftMajorityEverLost);
    }

    [Fact]
    public void R5_an_abort_in_the_middle_of_a_join_keeps_the_lease_until_it_has_ended_and_says_whom_it_waits_for()
    {
        using var bed = Bed(Join);
        var id = bed.Run(BedPeople.Own("b3"));
        bed.Until(() => bed.Sim("b3").Mode == OperationMode.Bootstrap);
        BedPeople.Yes(bed.Press(c => c.AbortAsync(BedPeople.Mara, id, now: true, default)));
        bed.Pass(TimeSpan.FromSeconds(15));
        Assert.Equal(OperationMode.Bootstrap, bed.Sim("b3").Mode);
        Assert.Equal(JobState.Aborting, bed.Job(id).State);
        Assert.Equal(id, bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
        var card = Core.Chat.JobCard.Render(bed.Do(() => bed.Control.ShowAsync(id, default))!, bed.Time.GetUtcNow(), sandbox: true);
        Assert.Contains("Aborting: waiting for b3", card.Title, StringComparison.Ordinal);
        Assert.Contains(card.Parts, p => p.Name.StartsWith("Aborting: let it finish", StringComparison.Ordinal) && p.Text.Contains("wipe its data", StringComparison.Ordinal));

        bed.UntilState(id, JobState.Ended);
        Assert.Equal(OperationMode.Normal, bed.Sim("b3").Mode);
        Assert.Equal(JobOutcome.Aborted, bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R27_it_is_learnt_once_although_the_host_is_killed_while_it_joins()
    {
        using var bed = Bed(Join);
        var id = bed.Run(BedPeople.Own("b3"));
        bed.Until(() => bed.Sim("b3").Mode == OperationMode.Bootstrap);
        bed.Kill();
        bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Empty(bed.StartHost());
        bed.UntilState(id, JobState.Ended);

        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Single(bed.Events.OfType<NodeJoined>());
        Assert.Single(bed.Effects, e => e is { Kind: "join", Node: "b3" });
    }

    [Fact]
    public void Its_absence_is_no_drift_for_any_other_job_and_nobody_waits_for_it()
    {
        using var bed = Bed(Join);
        var id = bed.Run();
        bed.UntilState(id, JobState.Ended);

        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.DoesNotContain(bed.Job(id).Birth.Targets, t => t.Name == "b3");
        Assert.Equal(RingState.None, bed.Sim("b3").Ring);
    }

    [Fact]
    public void A_workflow_without_a_joining_step_refuses_it_by_name()
    {
        using var bed = Bed(Join);
        var plan = bed.Do(() => bed.Control.PlanAsync(BedPeople.Mara, BedPeople.Request(target: new Target.Named(["b1", "b3"])), CancellationToken.None));
        Assert.Equal("b3 is not in the ring, and this workflow has no step that brings a node in: leave it out, or use add_nodes_to_cluster.",
            Assert.Single(Assert.IsType<PlanOutcome.Refused>(plan).Why));
    }

    [Fact]
    public void A_joining_workflow_takes_those_that_are_not_in_the_ring_and_refuses_members_by_name()
    {
        using var bed = Bed(Join);
        Assert.Equal(["b3"], bed.Plan(BedPeople.Own()).Targets.Select(t => t.Name), StringComparer.Ordinal);
        Assert.Equal("none", Assert.Single(bed.Plan(BedPeople.Own()).Targets).Version);
        var plan = bed.Do(() => bed.Control.PlanAsync(BedPeople.Mara, BedPeople.Own("b1"), CancellationToken.None));
        Assert.Contains("b1 is in the ring already", Assert.Single(Assert.IsType<PlanOutcome.Refused>(plan).Why), StringComparison.Ordinal);
    }

    [Fact]
    public void R27_one_that_joined_and_still_has_no_host_id_in_the_file_is_a_member_for_every_later_job()
    {
        using var bed = Bed(Join);
        bed.UntilState(bed.Run(BedPeople.Own("b3")), JobState.Ended);

        var id = bed.Run(BedPeople.Request("request-2", target: new Target.Named(["b3", "c1"])));
        bed.UntilState(id, JobState.Ended);

        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Contains(bed.Effects, e => e is { Kind: "drain", Node: "b3" });
        Assert.Equal(bed.Sim("b3").Id.HostId, bed.Job(id).Birth.Targets.Single(t => t.Name == "b3").HostId);
        Assert.False(bed.Verdict().QuorumEverLost || bed.Verdict().RaftMajorityEverLost);
    }

    [Fact]
    public void R27_a_member_known_by_its_address_only_is_still_the_same_one_after_a_restart_of_the_bot()
    {
        using var bed = Bed(Join);
        bed.UntilState(bed.Run(BedPeople.Own("b3")), JobState.Ended);
        var id = bed.Run(BedPeople.Request("request-2", target: new Target.Named(["c1"])));
        Assert.Equal(bed.Sim("b3").Id.HostId.ToString(), bed.Job(id).Birth.Identities?["b3"]);
        bed.Until(() => bed.Job(id).Held.ContainsKey("c1"));
        bed.Kill();
        Assert.Empty(bed.StartHost());
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R6_one_that_somebody_else_brings_in_holds_the_job()
    {
        using var bed = Bed(Join);
        var id = bed.Run(BedPeople.Request(workflow: "slow"));

        // A join is refused while a node is down, so it is asked for while the first one's window runs.
        bed.Until(() => bed.Job(id).Held.ContainsKey("b1") && bed.Sim("b1") is { Serves: true, Run: 2 });
        _ = bed.World.Agenda.Run(() => bed.Sim("b3").Unit.StartAsync(Cause.Nobody, "start"));
        bed.Until(() => bed.Job(id).State is JobState.Holding or JobState.Ended);
        Assert.Contains("joins or leaves the cluster, and not by this job", bed.Job(id).Hold?.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_id_may_be_added_to_the_file_while_the_job_goes_on()
    {
        using var bed = Bed(Join);
        var id = bed.Run(BedPeople.Own("b3"));
        bed.Until(() => bed.Events.OfType<NodeJoined>().Any());
        bed.Kill();
        Assert.Empty(bed.StartHost(c => c.With(n => n.Name == "b3" ? bed.Sim("b3").Id.HostId : n.HostId)));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
    }

    [Theory]
    [InlineData("cluster_name: 'other'\n", "cluster_name is 'other' here and 'mini' there")]
    [InlineData("seed_provider:\n    - class_name: x\n      parameters:\n          - seeds: \"10.0.0.105\"\n", "names itself as a seed")]
    [InlineData("seed_provider:\n    - class_name: x\n      parameters:\n          - seeds: \"10.9.9.9\"\n", "its seeds (10.9.9.9) are no members")]
    [InlineData("auto_bootstrap: false\n", "auto_bootstrap is false")]
    public void H18_H20_a_machine_that_does_not_fit_is_not_started(string yaml, string why)
    {
        using var bed = Bed(Join);
        bed.World.Agenda.Run(() => bed.Sim("b3").Machine.Files.Find(MachineFiles.ScyllaYaml, yaml));
        var id = bed.Run(BedPeople.Own("b3"));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains(why, bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.Empty(bed.Effects);
    }

    [Fact]
    public void H20_the_wrong_rack_or_another_version_is_not_started()
    {
        using var bed = Bed(Join);
        bed.World.Agenda.Run(() => bed.Sim("b3").Machine.Files.Find(MachineFiles.RackFile, "dc=us-east1\nrack=c\n"));
        var id = bed.Run(BedPeople.Own("b3"));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains("says us-east1/c, and the inventory us-east1/b", bed.Job(id).Halt!.Why, StringComparison.Ordinal);

        using var older = Bed(Join);
        older.World.Agenda.Run(() => older.Sim("b3").Machine.Packages.Find("scylla-server", "2026.1.9-0.20260101.aaaaaaaaaaaa-1"));
        var second = older.Run(BedPeople.Own("b3"));
        older.UntilState(second, JobState.Halted);
        Assert.Contains("has scylla-server 2026.1.9, and", older.Job(second).Halt!.Why, StringComparison.Ordinal);
        Assert.Empty(older.Effects);
    }

    [Fact]
    public void H17_a_machine_with_old_data_is_not_started()
    {
        using var bed = Bed(Join);
        bed.World.Agenda.Run(() => bed.Sim("b3").Machine.Files.Filled());
        var id = bed.Run(BedPeople.Own("b3"));
        bed.UntilState(id, JobState.Halted);
        Assert.Contains("/var/lib/scylla/data is not empty", bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.Empty(bed.Effects);
    }

    private static EngineBed Bed(string steps, string after = "- task: !cleanup-cluster") => new(options: BedWorkflows.Own(steps, after: after) with
    {
        Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithSpare("b", dice),
        SparesAreNew = true,
        Workflows = [.. BedWorkflows.Own(steps, after: after).Workflows, ("restart.yaml", BedWorkflows.Restart),
            ("slow.yaml", BedWorkflows.Restart.Replace("success_window_seconds: 10", "success_window_seconds: 120", StringComparison.Ordinal))],
    });
}
