using ScyllaBot.Core.Chat;
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

    private static Notice Card(EngineBed bed, JobId id) =>
        JobCard.Render(bed.Do(() => bed.Control.ShowAsync(id, default))!, bed.Time.GetUtcNow(), sandbox: true);
}
