using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R15: a plan says what would refuse a start now, and for whom it would wait.</summary>
public sealed class BlockedPlanTests : IDisposable
{
    private readonly EngineBed _bed = new();

    [Fact]
    public void R15_another_jobs_lease_is_said_as_the_start_says_it()
    {
        Assert.Empty(_bed.Plan().Concerns);
        var id = _bed.Start();
        var plan = _bed.Plan(Request("request-2"));
        Assert.Equal($"A start is refused: mini is leased to job {id}: one disruptive job at a time. Wait for it, or look at /scp job job:{id}.", plan.Concerns[0]);
        Assert.Equal(plan.Concerns[0], $"A start is refused: {No(_bed.Press(c => c.StartAsync(Mara, plan, default)))}");
    }

    [Fact]
    public void R15_R19_a_takeover_by_hand_is_said_with_who_and_why()
    {
        var id = Yes(_bed.Press(c => c.TakeOverAsync(Operator, BedClusters.Name, "new disks", default)));
        _bed.UntilState(id, JobState.Paused);
        Assert.Equal(
            $"A start is refused: mini is worked on by hand by otto under job {id}: new disks. Nothing starts until it is handed back.", _bed.Plan().Concerns[0]);
    }

    [Fact]
    public void R15_R20_a_halt_of_everything_is_said_and_what_only_brings_a_node_up_is_not_kept_by_it()
    {
        _bed.Press(c => c.HaltAllAsync(Reader, "a storm", default));
        Assert.StartsWith("A start is refused: Everything is halted by rita: a storm.", _bed.Plan().Concerns[0], StringComparison.Ordinal);
        var up = _bed.Do(() => _bed.Control.PlanTaskAsync(
            Mara, new TaskRequest("start-it", "systemd-start-service", BedClusters.Name, "b1", System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("service", "scylla-server"), "x"), default));
        Assert.DoesNotContain(Assert.IsType<PlanOutcome.Ready>(up).Plan.Concerns, c => c.Contains("halted", StringComparison.Ordinal));
        Yes(_bed.Press(c => c.LiftAsync(Jon, default)));
        Assert.Empty(_bed.Plan().Concerns);
    }

    public void Dispose() => _bed.Dispose();
}
