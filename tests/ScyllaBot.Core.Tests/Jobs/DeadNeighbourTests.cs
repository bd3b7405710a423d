using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R3, R4: another node dies while one is down by us. Ours finishes its own steps, and the job has a way out.</summary>
public sealed class DeadNeighbourTests : IDisposable
{
    private readonly EngineBed _bed = new(options: new BedOptions { Plan = dice => BedClusters.Plan(dice, ("b", 2), ("c", 2), ("d", 1)) });

    [Fact]
    public void R3_a_drained_node_is_stopped_and_started_although_another_one_died_meanwhile()
    {
        var id = RunUntilDeath();
        _bed.Until(() => _bed.Effects.Any(e => e is { Kind: "start", Node: "b1" }), TimeSpan.FromMinutes(4), "the start of b1");
        _bed.UntilState(id, JobState.Holding);
        Assert.Equal("b1", Assert.Single(_bed.Events.OfType<NodeHeld>()).Node);
        Power("d1");
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    public void Dispose() => _bed.Dispose();

    /// <summary>d1 dies right after the drain of b1.</summary>
    private JobId RunUntilDeath()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Job(id).HasPassed(new StepKey("1.1", "b1")), what: "b1's drain");
        _bed.World.Agenda.Run(() => _bed.Sim("d1").Kill(Cause.Nobody));
        return id;
    }

    private void Power(string node) => _ = _bed.World.Agenda.Run(() => _bed.Sim(node).Unit.StartAsync(Cause.Nobody, "power-on"));
}
