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
    public void R5_abort_now_waits_for_the_command_that_runs_and_runs_no_other()
    {
        Use(BedWorkflows.Own("- task: !take-down\n- task: !take-down\n  name: Second\n- task: !wait-for-conditions\n    conditions:\n      - condition: !holds"));
        var ended = new List<string>();
        _bed.Ports.ProbeAsync = async (_, context, ct) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(60), context.Time, ct);
            ended.Add("ended");
        };
        var id = _bed.Run(Own("b1"));
        _bed.Until(() => _bed.Job(id).Held.Count == 1);
        _bed.Pass(TimeSpan.FromSeconds(10));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: true, default)));
        _bed.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(JobState.Aborting, _bed.Job(id).State);
        _bed.UntilState(id, JobState.Ended);
        Assert.Single(ended);
        Assert.Contains(_bed.Events, e => e is StepSucceeded { Key.Path: "1.1" });
        Assert.DoesNotContain(_bed.Events, e => e is StepStarted { Key.Path: "1.2" });
        Assert.Equal(ReleaseReason.Restored, _bed.Events.OfType<NodeReleased>().Single().How);
    }

    [Fact]
    public void R5_abort_now_cuts_a_wait()
    {
        Use(BedWorkflows.Own("- task: !take-down\n- task: !wait-for-conditions\n    conditions:\n      - condition: !holds\n          what: health"));
        _bed.Ports.WhyNot = (what, _) => what == "health" ? "not yet" : null;
        var id = _bed.Run(Own("b1"));
        _bed.Until(() => _bed.Events.Any(e => e is StepStarted { Key.Path: "1.2" }));
        var asked = _bed.Time.GetUtcNow();
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: true, default)));
        _bed.Until(() => _bed.Events.Any(e => e is StepInterrupted { Key.Path: "1.2", Why: "abort now" }));
        Assert.InRange((_bed.Time.GetUtcNow() - asked).TotalSeconds, 0, 1);
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R5_a_highstate_is_never_cut() =>
        Assert.Equal(Interruptible.No, TagAttribute.Of(typeof(Core.Scylla.Tasks.SaltHighstate)).Interruptible);

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

    [Fact]
    public void R16_a_job_that_was_never_approved_ends_at_once_when_it_is_aborted()
    {
        Use(BedWorkflows.Own("- task: !take-down", top: "always:\n  - task: !probe"));
        var id = _bed.Start(Own("b1"));
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Empty(_bed.Events.OfType<StepStarted>());
        Assert.Empty(_bed.Events.OfType<AlwaysStarted>());
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
