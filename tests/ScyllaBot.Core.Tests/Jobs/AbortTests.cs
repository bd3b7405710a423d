using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R4, R5: the way out of a job, and what is cut for it.</summary>
public sealed class AbortTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R4_a_held_node_that_fails_while_the_job_is_aborted_is_brought_up_and_nobody_is_called()
    {
        // Its own two attempts; the restore's first one works.
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop"));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        Assert.Empty(_bed.Events.OfType<Halted>());
        Assert.Equal(("b1", ReleaseReason.Restored), _bed.Events.OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.True(_bed.Sim("b1").Serves);
    }

    [Fact]
    public void R4_a_restore_that_fails_while_the_job_is_aborted_calls_somebody()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 20);
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop"));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Halted);
        Assert.Contains(".r", Assert.Single(_bed.Events.OfType<Halted>()).Key!.Value.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_and_a_resume_faster_than_the_wait_they_cut_change_nothing()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            _bed.Dispose();
            _bed = new EngineBed(seed, BedWorkflows.Own("- task: !take-down"));
            _bed.Ports.WhyNot = (_, _) => "not yet";
            var id = _bed.Run(Own("b1"));
            _bed.Pass(TimeSpan.FromSeconds(30));
            _bed.Do(async () =>
            {
                var pause = _bed.Control.PauseAsync(Mara, id, default);
                var resume = _bed.Control.ResumeAsync(Mara, id, default);
                Yes(await pause);
                return await resume;
            });
            _bed.Pass(TimeSpan.FromSeconds(30));
            if (_bed.Job(id).State == JobState.Paused)
            {
                // The resume came first and had nothing to do.
                Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
            }

            _bed.Ports.WhyNot = (_, _) => null;
            _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
            Assert.Empty(_bed.Events.OfType<Halted>());
        }
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
