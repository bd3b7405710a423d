using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R6: a workflow's own guards, held all job long.</summary>
public sealed class GuardTests : IDisposable
{
    private const string Restart = """
        - task: !scylla-drain
        - task: !systemd-stop-scylla-server
        - task: !systemd-start-service
            service: scylla-server
        - task: !wait-for-conditions
            conditions:
              - condition: !up-for-all-peers
                success_window_seconds: 30
                timeout_seconds: 300
        """;

    private readonly EngineBed _bed = new(options: BedWorkflows.Own(Restart, top: "guards:\n  - condition: !holds\n      what: the guard"));
    private string? _why;
    private bool _isUnreadable;

    public GuardTests() => _bed.Ports.WhyNot = (_, _) => _isUnreadable ? throw new RecoverableException("no answer") : _why;

    [Fact]
    public void R6_a_guard_that_turns_false_holds_the_job_with_its_sentence_and_it_goes_on_by_itself()
    {
        var id = _bed.Run(Own());
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop"));
        _why = "12 errors a second";
        _bed.UntilState(id, JobState.Holding);
        Assert.Equal("Holds: 12 errors a second", _bed.Job(id).Hold!.Why);
        _bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(ReleaseReason.Done, Assert.Single(_bed.Events.OfType<NodeReleased>()).How);
        Assert.Single(_bed.Events.OfType<NodeHeld>());
        Assert.Single(_bed.Events.OfType<JobHeld>());
        _why = null;
        var well = _bed.Time.GetUtcNow();
        _bed.UntilState(id, JobState.Running);
        Assert.InRange(_bed.Time.GetUtcNow() - well, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(140));
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<Halted>());
        Invariants.Hold(_bed, id, limit: 1);
    }

    [Fact]
    public void R6_what_can_not_be_read_is_not_false_and_no_reason_to_go_on_either()
    {
        var id = _bed.Run(Own());
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop"));
        _isUnreadable = true;
        _bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(ReleaseReason.Done, Assert.Single(_bed.Events.OfType<NodeReleased>()).How);
        Assert.Empty(_bed.Events.OfType<JobHeld>());
        (_isUnreadable, _why) = (false, "12 errors a second");
        _bed.UntilState(id, JobState.Holding);
        (_isUnreadable, _why) = (true, null);
        _bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(JobState.Holding, _bed.Job(id).State);
        _isUnreadable = false;
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R6_no_node_is_taken_down_before_every_guard_can_be_read_and_why_says_which_one_can_not()
    {
        _isUnreadable = true;
        var id = _bed.Run(Own());
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Empty(_bed.Events.OfType<NodeHeld>());
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        Assert.Equal("guard Holds can not be read: no answer", _bed.Do(() => _bed.Control.ShowAsync(id, default))!.WhyNotNext);
        _isUnreadable = false;
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R6_one_that_can_not_be_read_right_before_a_takedown_lets_nobody_be_taken_down()
    {
        // Only the looks of a drain that is about to begin.
        var until = default(DateTimeOffset?);
        _bed.Ports.WhyNot = (_, _) =>
        {
            until ??= _bed.Events.OfType<StepStarted>().Any(s => s.Key == new StepKey("1.1", "b2")) ? _bed.Time.GetUtcNow() + TimeSpan.FromMinutes(4) : null;
            return _bed.Time.GetUtcNow() < until ? throw new RecoverableException("no answer") : null;
        };
        var id = _bed.Run(Own());
        _bed.UntilState(id, JobState.Ended);
        Assert.DoesNotContain(_bed.Events, e => e is NodeHeld { Node: not "b1" } && e.At < until);
        Assert.True(_bed.Events.OfType<StepInterrupted>().First(i => i.Key.Node == "b2").IsUnbegun);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R6_one_that_is_still_false_after_a_pause_and_a_resume_holds_the_job_again()
    {
        var id = HoldAndFinish();
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.ResumeAsync(Operator, id, default)));
        StaysHeld(id);
    }

    [Fact]
    public void R6_one_that_is_still_false_after_everything_was_halted_and_lifted_holds_the_job_again()
    {
        var id = HoldAndFinish();
        Yes(_bed.Press(c => c.HaltAllAsync(Reader, "fire", default)));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.LiftAsync(Jon, default)));
        StaysHeld(id);
    }

    [Fact]
    public void R6_one_that_is_false_right_before_a_takedown_lets_nobody_be_taken_down()
    {
        // False for less than what settles: between two looks, only while a drain is about to begin.
        _bed.Ports.WhyNot = (_, _) => _bed.Events.OfType<StepStarted>().LastOrDefault()?.Key == new StepKey("1.1", "b2") && !_bed.Events.Any(e => e is JobHeld) ? "now" : null;
        var id = _bed.Run(Own());
        _bed.UntilState(id, JobState.Holding);
        Assert.Equal("b1", Assert.Single(_bed.Events.OfType<NodeHeld>()).Node);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R6_after_a_restart_of_the_bot_it_is_still_the_same_hold()
    {
        var id = _bed.Run(Own());
        _why = "12 errors a second";
        _bed.UntilState(id, JobState.Holding);
        _bed.Kill();
        _bed.StartHost();
        _bed.Ports.WhyNot = (_, _) => _why;
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Single(_bed.Events.OfType<JobHeld>());
        _why = null;
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R6_its_numbers_are_the_clusters_own()
    {
        _bed.Kill();
        _bed.StartHost(c => c with { Guards = new GuardSettings { Gate = TimeSpan.FromMinutes(20), PingAfter = TimeSpan.FromMinutes(1) } });
        var id = _bed.Run(Own());
        _why = "12 errors a second";
        _bed.UntilState(id, JobState.Holding);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Single(_bed.Events.OfType<HoldPinged>());
        _why = null;
        var well = _bed.Time.GetUtcNow();
        _bed.UntilState(id, JobState.Running);
        Assert.True(_bed.Time.GetUtcNow() - well >= TimeSpan.FromMinutes(20));
    }

    [Fact]
    public void A_workflow_that_takes_nobody_down_has_guards_too()
    {
        using var bed = new EngineBed(options: BedWorkflows.OfCluster("- task: !probe\n- task: !probe", "guards:\n  - condition: !holds\n"));
        var (why, ran) = (default(string), 0);
        bed.Ports.WhyNot = (_, _) => why;
        bed.Ports.ProbeAsync = async (_, context, ct) =>
        {
            ran++;
            why = ran == 1 ? "stop" : null;
            await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
        };
        var id = bed.Start(Own());
        bed.UntilState(id, JobState.Holding);
        why = null;
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
    }

    public void Dispose() => _bed.Dispose();

    private JobId HoldAndFinish()
    {
        var id = _bed.Run(Own());
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop"));
        _why = "12 errors a second";
        _bed.UntilState(id, JobState.Holding);
        _bed.Until(() => _bed.Events.Any(e => e is NodeReleased));
        return id;
    }

    private void StaysHeld(JobId id)
    {
        _bed.UntilState(id, JobState.Holding);
        _bed.Pass(TimeSpan.FromMinutes(9));
        Assert.Single(_bed.Events.OfType<NodeHeld>());
        Assert.Equal(2, _bed.Events.OfType<JobHeld>().Count());
        _why = null;
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
    }
}
