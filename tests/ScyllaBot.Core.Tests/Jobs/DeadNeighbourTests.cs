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

    [Theory]
    [InlineData(false, ReleaseReason.Done)]
    [InlineData(true, ReleaseReason.Restored)]
    public void R4_an_abort_ends_beside_a_dead_node_with_ours_up(bool now, ReleaseReason how)
    {
        var id = RunUntilDeath();
        _bed.Until(() => _bed.Sim("b1").Serves && _bed.Effects.Any(e => e is { Kind: "start", Node: "b1" }), TimeSpan.FromMinutes(5), "b1");

        // As long as nobody wants out, a health wait asks for all peers.
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("b1", Assert.Single(_bed.Job(id).Held.Keys));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now, default)));
        _bed.Until(() => !_bed.Job(id).IsOpen, TimeSpan.FromMinutes(5), "the end");
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Equal(("b1", how), _bed.Events.OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        Assert.True(_bed.Sim("b1").Serves);
        Assert.Contains(_bed.Log, l => l.Text.Contains("d1", StringComparison.Ordinal) && l.Text.Contains("excepted", StringComparison.Ordinal));
    }

    [Fact]
    public void R4_a_node_is_brought_up_beside_a_dead_one_but_not_while_a_peer_that_lives_does_not_see_it()
    {
        var id = RunUntilDeath();
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal(new StepKey("1.4", "b1"), _bed.Events.OfType<Halted>().Single().Key);
        var address = _bed.Cluster.Find("b1")!.Address;
        _bed.Ports.Rewrite = (call, body) => call.Node == "c1" && call.What.EndsWith("/endpoint/live", StringComparison.Ordinal)
            ? body.Replace($"\"{address}\"", "\"10.0.0.99\"", StringComparison.Ordinal) : body;
        Yes(_bed.Press(c => c.RestoreAsync(Operator, id, "b1", default)));
        _bed.Pass(TimeSpan.FromMinutes(3));
        Assert.Equal("b1", Assert.Single(_bed.Job(id).Held.Keys));
        _bed.Ports.Rewrite = (_, body) => body;
        _bed.Until(() => _bed.Job(id).IsAtSafePoint, TimeSpan.FromMinutes(2), "b1's release");
        Assert.True(_bed.Sim("b1").Serves);
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
