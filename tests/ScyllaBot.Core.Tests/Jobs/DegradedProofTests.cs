using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>A cluster whose CQL can not be asked: the proof is degraded, and a read barrier stands in for the voters (R25).</summary>
public sealed class DegradedProofTests
{
    private const string Barrier = "POST /raft/read_barrier";

    [Fact]
    public void R25_without_CQL_facts_a_read_barrier_is_passed_before_each_node_and_after_the_last()
    {
        using var bed = NewBed();
        var barriers = new List<string>();
        bed.Ports.Saw = call => Add(barriers, call);
        var id = bed.Run();
        bed.UntilState(id, JobState.Ended);

        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.True(barriers.Count > 5, $"{barriers.Count} barriers for 5 nodes");
        Assert.Equal(1, bed.Verdict().MaxDown);
    }

    [Fact]
    public void R25_without_a_read_barrier_nothing_is_taken_down_and_the_wait_says_why()
    {
        using var bed = NewBed();
        bed.Ports.Fate = call => call.What == Barrier ? Loss.Before : Loss.None;
        var id = bed.Run();
        bed.Pass(TimeSpan.FromMinutes(2));

        Assert.DoesNotContain(bed.Effects, e => e.Kind == "drain");
        var why = string.Join('\n', bed.Do(() => bed.Control.WhyAsync(id, CancellationToken.None))!.Value);
        Assert.Contains("a read barrier did not pass", why, StringComparison.Ordinal);
    }

    private static EngineBed NewBed()
    {
        var bed = new EngineBed(1, new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 2), ("d", 1)) });
        bed.World.Clusters[0].CqlLogin = new CqlLogin("scp", "unknown");
        return bed;
    }

    private static void Add(List<string> barriers, Call call)
    {
        if (call.What == Barrier)
        {
            barriers.Add(call.Node);
        }
    }
}
