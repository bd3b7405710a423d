using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R20: everything stops at its safe point, over restarts, until an approver lifts it.</summary>
public sealed class HaltAllTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R20_no_node_starts_and_held_ones_finish_until_it_is_lifted()
    {
        var id = RunUntilStopped("b1");
        Done(c => c.HaltAllAsync(Reader, "fire", default));
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromHours(2));

        Assert.Equal(("b1", ReleaseReason.Done), _bed.Events.OfType<NodeReleased>().Select(r => (r.Node, r.How)).Single());
        Assert.Equal((PauseCause.FleetHalt, "fire"), (_bed.Job(id).Pause!.Cause, _bed.Job(id).Pause!.Why));
        Assert.Equal("b1", Assert.Single(_bed.Effects.Select(e => e.Node).Distinct()));

        Done(c => c.LiftAsync(Jon, default));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(Person.Bot, _bed.Events.OfType<Resumed>().Single().By);
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void R20_it_survives_a_restart_of_the_bot()
    {
        var id = RunUntilStopped("b1");
        Done(c => c.HaltAllAsync(Reader, "fire", default));
        _bed.Kill();
        _bed.Pass(TimeSpan.FromMinutes(3));
        _bed.StartHost();

        Assert.Equal("fire", _bed.Control.FleetHalt!.Why);
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromHours(1));
        Assert.Equal("b1", Assert.Single(_bed.Effects.Select(e => e.Node).Distinct()));
        Done(c => c.LiftAsync(Jon, default));
        _bed.UntilState(id, JobState.Ended);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void R20_a_host_that_dies_at_any_of_its_appends_halts_everything_all_the_same(int later)
    {
        var id = RunUntilStopped("b1");
        _bed.Store.DiesAt = _bed.Store.Appends + 1 + later;
        _bed.TryDo(() => _bed.Control.HaltAllAsync(Reader, "fire", default), out _);
        _bed.TryUntil(() => _bed.Store.HasDied, TimeSpan.FromMinutes(1));
        _bed.Kill();
        _bed.StartHost();
        Assert.NotNull(_bed.Control.FleetHalt);
        _bed.UntilState(id, JobState.Paused);
        Assert.Equal("b1", Assert.Single(_bed.Effects.Select(e => e.Node).Distinct()));
    }

    [Fact]
    public void R20_what_waits_for_approval_does_not_begin_before_it_is_lifted()
    {
        var id = _bed.Start();
        Done(c => c.HaltAllAsync(Reader, "", default));
        Yes(_bed.Approve(id));
        _bed.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal(JobState.Waiting, _bed.Job(id).State);
        Done(c => c.LiftAsync(Jon, default));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R20_starts_resumes_retries_and_skips_are_refused_and_bringing_up_is_not()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Done(c => c.HaltAllAsync(Reader, "fire", default));
        Assert.Contains("halted by", No(_bed.Press(c => c.HaltAllAsync(Reader, "again", default))), StringComparison.Ordinal);
        Assert.Contains("Everything is halted", No(_bed.Press(c => c.RetryAsync(Mara, id, extend: false, default))), StringComparison.Ordinal);
        Assert.Contains("Everything is halted", No(_bed.Press(c => c.SkipAsync(Jon, id, "b1", default))), StringComparison.Ordinal);

        // R4: nobody is left lying, whatever is halted.
        Yes(_bed.Press(c => c.RestoreAsync(Mara, id, "b1", default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        var plan = _bed.Plan(Request("request-2"));
        Assert.Contains("Everything is halted", No(_bed.Press(c => c.StartAsync(Mara, plan, default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R20_it_stands_on_every_card()
    {
        var id = RunUntilStopped("b1");
        Assert.DoesNotContain("halted", Card(id), StringComparison.OrdinalIgnoreCase);
        Done(c => c.HaltAllAsync(Reader, "the network burns", default));
        Assert.Contains("the network burns", Card(id), StringComparison.Ordinal);
        Assert.Contains("the network burns", string.Join('\n', _bed.Do(() => _bed.Control.WhyAsync(id, default))!.Value), StringComparison.Ordinal);
        Done(c => c.LiftAsync(Jon, default));
        _bed.UntilState(id, JobState.Ended);
        Assert.DoesNotContain("the network burns", Card(id), StringComparison.Ordinal);
    }

    [Fact]
    public void R20_an_approver_lifts_it_and_nobody_while_the_file_lies_there()
    {
        Assert.Contains("Nothing is halted", No(_bed.Press(c => c.LiftAsync(Jon, default))), StringComparison.Ordinal);
        _bed.Engine.NoteHaltFile(isThere: true);
        Assert.True(_bed.Do(() => _bed.Engine.HaltAllAsync(new Person("halt-file", "the file HALT"), "", byFile: true, default)));
        Assert.False(_bed.Do(() => _bed.Engine.HaltAllAsync(new Person("halt-file", "the file HALT"), "", byFile: true, default)));
        Assert.Contains("approver", NotYou(_bed.Press(c => c.LiftAsync(Operator, default))), StringComparison.Ordinal);
        Assert.Contains("remove it first", NotNow(_bed.Press(c => c.LiftAsync(Jon, default))), StringComparison.Ordinal);
        _bed.Engine.NoteHaltFile(isThere: false);
        Assert.NotNull(_bed.Control.FleetHalt);
        Done(c => c.LiftAsync(Jon, default));
        Assert.Null(_bed.Control.FleetHalt);
    }

    [Fact]
    public void R21_on_production_whoever_owns_a_job_that_it_holds_does_not_lift_it()
    {
        Use(new BedOptions { Environment = ClusterEnvironment.Production });
        var id = RunUntilStopped("b1");
        Done(c => c.HaltAllAsync(Reader, "fire", default));
        Assert.Contains("another approver must lift it", NotYou(_bed.Press(c => c.LiftAsync(Mara, default))), StringComparison.Ordinal);
        Done(c => c.LiftAsync(Jon, default));
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R20_a_pause_that_a_human_asked_for_outlives_it()
    {
        var id = RunUntilStopped("b1");
        Yes(_bed.Press(c => c.PauseAsync(Reader, id, default)));
        Done(c => c.HaltAllAsync(Reader, "", default));
        _bed.UntilState(id, JobState.Paused);
        Assert.Contains("Everything is halted", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Done(c => c.LiftAsync(Jon, default));
        _bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(JobState.Paused, _bed.Job(id).State);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Ended);
    }

    public void Dispose() => _bed.Dispose();

    private string Card(JobId id) => NoticeJson.Write(JobCard.Render(_bed.Do(() => _bed.Control.ShowAsync(id, default))!, _bed.Time.GetUtcNow(), sandbox: false));

    private void Done(Func<IJobControl, Task<Outcome>> verb) => Assert.IsType<Outcome.Done>(_bed.Press(verb));

    private JobId RunUntilStopped(string node)
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop" && e.Node == node));
        return id;
    }

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
