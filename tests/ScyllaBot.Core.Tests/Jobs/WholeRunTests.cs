using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs;

public sealed class WholeRunTests
{
    [Fact]
    public void The_shipped_restart_never_costs_a_quorum()
    {
        using var bed = new EngineBed(options: new BedOptions
        {
            Plan = ClusterPlan.MessagesStaging,
            Workflows = [("rolling_restart.yaml", RepositoryFiles.Read("workflows/rolling_restart.yaml"))],
        });
        var id = bed.Run(BedPeople.Request(workflow: "rolling_restart") with { Cluster = "messages-stg" });
        bed.UntilState(id, JobState.Ended);
        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 1);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Equal(9, bed.Effects.Count(e => e.Kind == "start"));
    }

    [Fact]
    public void Two_nodes_of_one_zone_may_be_at_work_together_and_never_two_zones()
    {
        using var bed = new EngineBed(options: new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 3), ("c", 2), ("d", 2)) });
        var id = bed.Run(BedPeople.Request(limit: 2));
        bed.UntilState(id, JobState.Ended);
        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 2);
        Assert.Equal(2, bed.Verdict().MaxDown);
        Assert.Equal(7, bed.Effects.Count(e => e.Kind == "start"));
    }

    [Fact]
    public void Every_attempt_of_a_clean_run_is_the_first_and_every_receipt_is_released_R12()
    {
        using var bed = new EngineBed();
        var id = bed.Run();
        bed.UntilState(id, JobState.Ended);
        Assert.All(bed.Job(id).Steps.Values, s => Assert.Equal((StepStatus.Succeeded, 1), (s.Status, s.Attempt)));
        Assert.Equal(16, bed.Ports.Released.Count);
        Assert.Equal(bed.Effects.Select(e => e.Receipt).OfType<string>().Order(), bed.Ports.Released.Order());
        Assert.Empty(bed.Complaints);
    }

    [Fact]
    public void The_same_seed_gives_the_same_history()
    {
        static string[] HistoryOf(int seed)
        {
            using var bed = new EngineBed(seed);
            bed.UntilState(bed.Run(BedPeople.Request(limit: 2)), JobState.Ended);
            return [.. bed.History.Select(h => $"{h}")];
        }

        Assert.Equal(HistoryOf(7), HistoryOf(7));
        Assert.NotEqual(HistoryOf(7), HistoryOf(8));
    }
}
