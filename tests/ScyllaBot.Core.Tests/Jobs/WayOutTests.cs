using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R5: a movement that goes on although its step has given up.</summary>
public sealed class WayOutTests
{
    private static readonly BedOptions Slow = BedWorkflows.Own("- task: !decommission\n  timeout_seconds: 10") with
    {
        Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 1), ("d", 1)).WithTablets(900),
    };

    [Fact]
    public void R5_a_halted_movement_offers_its_way_out_on_the_card()
    {
        using var bed = new EngineBed(1, Slow);
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        bed.Pass(TimeSpan.FromSeconds(1));
        Assert.True(bed.Sim("b1").IsDraining);
        Assert.Contains(Card(bed, id).Parts, p => p.Name.StartsWith("Still moving", StringComparison.Ordinal));
        Assert.Single(Card(bed, id).Choices, c => c.Id.StartsWith("scp:v1:out:", StringComparison.Ordinal));

        Yes(bed.Press(c => c.WayOutAsync(Mara, id, "b1", default)));
        Yes(bed.Approve(id, bed.Job(id).Approvals.Values.Single(a => a.IsOpen).Asked.Key));
        bed.Until(() => bed.Job(id).Unders.Values.All(u => !u.IsOpen));
        bed.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal((JobState.Halted, RingState.Normal, false), (bed.Job(id).State, bed.Sim("b1").Ring, bed.Sim("b1").IsDraining));
        Assert.DoesNotContain(Card(bed, id).Choices, c => c.Id.StartsWith("scp:v1:out:", StringComparison.Ordinal));
    }

    [Fact]
    public void R5_a_job_that_halted_in_the_middle_of_a_movement_keeps_its_lease_when_it_is_aborted_until_that_has_ended()
    {
        using var bed = new EngineBed(1, Slow);
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Yes(bed.Press(c => c.AbortAsync(Mara, id, now: true, default)));
        bed.Pass(TimeSpan.FromSeconds(15));
        Assert.Equal(JobState.Aborting, bed.Job(id).State);
        Assert.Contains("waiting for b1", Card(bed, id).Title, StringComparison.Ordinal);
        Assert.True(bed.Job(id).LeaseEpoch > 0);

        bed.UntilState(id, JobState.Ended);
        Assert.Equal(RingState.Left, bed.Sim("b1").Ring);
    }

    [Fact]
    public void R5_a_host_that_dies_before_the_way_out_is_gone_goes_it_once_when_it_is_back()
    {
        using var bed = new EngineBed(1, Slow);
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Yes(bed.Press(c => c.WayOutAsync(Mara, id, "b1", default)));
        bed.Kill();
        Assert.Empty(bed.StartHost());
        Yes(bed.Approve(id, bed.Job(id).Approvals.Values.Single(a => a.IsOpen).Asked.Key));
        bed.Until(() => bed.Events.Any(e => e is UnderStarted));
        bed.Kill();
        Assert.Empty(bed.StartHost());
        bed.Until(() => bed.Job(id).Unders.Values.All(u => !u.IsOpen));
        Assert.Single(bed.Effects, e => e.Kind == "task-abort");
        Assert.Equal(RingState.Normal, bed.Sim("b1").Ring);
    }

    [Fact]
    public void R5_a_movement_that_somebody_else_began_on_a_node_of_the_job_is_not_the_jobs_to_get_out_of()
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("- task: !repair\n    mode: vnodes\n  timeout_seconds: 1") with { Plan = Slow.Plan });
        var id = bed.Start(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Assert.True(bed.Job(id).HasTouched("b1"));
        _ = bed.World.Agenda.Run(() => bed.World.Clusters[0].Topology.DecommissionAsync(bed.Sim("b1"), Cause.Nobody));
        bed.Until(() => bed.Sim("b1").IsDraining);
        bed.Pass(TimeSpan.FromSeconds(30));
        Assert.True(bed.Sim("b1").IsDraining);
        Assert.DoesNotContain(Card(bed, id).Choices, c => c.Id.StartsWith("scp:v1:out:", StringComparison.Ordinal));
        Assert.Contains("No topology operation of b1 is at work", No(bed.Press(c => c.WayOutAsync(Mara, id, "b1", default))), StringComparison.Ordinal);
        Assert.Empty(bed.Job(id).Unders);
    }

    [Fact]
    public void R16_the_way_out_is_approved_by_somebody_else_also_where_a_start_needs_nobody()
    {
        using var bed = new EngineBed(1, Slow with { Approvals = new ApprovalPolicy { Starts = ImmutableSortedDictionary<ClusterEnvironment, int>.Empty.Add(ClusterEnvironment.Sandbox, 0) } });
        var id = bed.Start(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Yes(bed.Press(c => c.WayOutAsync(Mara, id, "b1", default)));
        bed.Pass(TimeSpan.FromSeconds(30));
        var asked = Assert.Single(bed.Job(id).Approvals.Values, a => a.IsOpen).Asked;
        Assert.Equal("out1@b1", asked.Key);
        Assert.Contains("somebody else", No(bed.Approve(id, asked.Key, Mara)), StringComparison.Ordinal);
        Assert.DoesNotContain(bed.Effects, e => e.Kind == "task-abort");
        Assert.True(bed.Sim("b1").IsDraining);
    }

    [Fact]
    public void R16_nobody_breaks_glass_for_a_way_out_whatever_else_the_job_does()
    {
        var policy = new ApprovalPolicy { BreakGlass = ["mara"] };
        using var bed = new EngineBed(1, Slow with { Approvals = policy });
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Yes(bed.Press(c => c.WayOutAsync(Mara, id, "b1", default)));
        var asked = Assert.Single(bed.Job(id).Approvals.Values, a => a.IsOpen).Asked;
        Assert.Null(asked.MayBreakGlass);
        Assert.Contains("nobody approves that alone", No(bed.Press(c => c.BreakGlassAsync(Mara, id, asked.Key, "fire", default))), StringComparison.Ordinal);

        // The same for a job that has no step which could not be undone.
        var harmless = bed.Plan(Own("b2")) with { Steps = [] };
        var verdict = new ApprovalRules(policy, harmless).BreakGlass(Mara, bed.Job(id), asked.Key, "fire", bed.Time.GetUtcNow());
        Assert.Equal("The way out of a movement can not be undone: nobody approves that alone (R16).", verdict.Message);
        Assert.Empty(verdict.Events);
    }

    [Fact]
    public void R5_the_way_out_without_a_node_is_that_of_the_node_it_halted_at()
    {
        using var bed = new EngineBed(1, Slow);
        var id = bed.Run(Own("b1"));
        bed.UntilState(id, JobState.Halted);
        Yes(bed.Press(c => c.WayOutAsync(Mara, id, "", default)));
        Assert.Equal("b1", Assert.Single(bed.Job(id).Unders.Values).Asked.Node);
        Assert.Contains("already", No(bed.Press(c => c.WayOutAsync(Jon, id, "", default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R5_where_no_halt_names_a_node_the_way_out_asks_which()
    {
        using var bed = new EngineBed(1, BedWorkflows.Own("- task: !decommission") with { Plan = Slow.Plan });
        var id = bed.Run(Own("b1"));
        bed.Until(() => bed.Sim("b1").IsDraining);
        Yes(bed.Press(c => c.AbortAsync(Mara, id, now: true, default)));
        Assert.Equal("Say which node: the halt names none.", No(bed.Press(c => c.WayOutAsync(Mara, id, "", default))));
        Yes(bed.Press(c => c.WayOutAsync(Mara, id, "b1", default)));
    }

    private static Notice Card(EngineBed bed, JobId id) =>
        JobCard.Render(bed.Do(() => bed.Control.ShowAsync(id, default))!, bed.Time.GetUtcNow(), sandbox: true);
}
