using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R7, R8, R12, R14: what a failure leads to.</summary>
public sealed class FailureTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R7_one_halt_is_one_message_and_is_acknowledged_once()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 9);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        _bed.Pass(TimeSpan.FromHours(1));
        var halt = Assert.Single(_bed.Events.OfType<Halted>());
        Assert.Equal(new StepKey("1.3", "b1"), halt.Key);
        Assert.Contains("b1 may be down by us", halt.SafeNow, StringComparison.Ordinal);
        Assert.Contains("every range kept its quorum when it was taken down", halt.SafeNow, StringComparison.Ordinal);
        Assert.Single(Rows(id, "halt"));
        Yes(_bed.Press(c => c.AcknowledgeAsync(Reader, id, default)));
        Assert.Equal("It is already acknowledged.", No(_bed.Press(c => c.AcknowledgeAsync(Reader, id, default))));
    }

    [Fact]
    public void R8_attempts_survive_a_restart_and_the_next_ones_time_is_in_the_journal()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 9);
        var id = _bed.Run();
        _bed.Until(() => _bed.Events.OfType<StepFailed>().Any());
        var first = _bed.Events.OfType<StepFailed>().Single();
        Assert.Equal(first.At + TimeSpan.FromSeconds(10), first.RetryAt);
        _bed.Kill();
        _bed.Pass(TimeSpan.FromSeconds(3));
        _bed.StartHost();
        _bed.UntilState(id, JobState.Halted);
        var starts = _bed.Events.OfType<StepStarted>().Where(s => s.Key == first.Key).ToArray();
        Assert.Equal([1, 2], starts.Select(s => s.Attempt));
        Assert.Equal(first.RetryAt, starts[1].At);
        Assert.Equal(2, _bed.Effects.Count(e => e.Kind == "start"));
    }

    [Fact]
    public void R8_a_deadline_is_fixed_by_the_first_start()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n  timeout_seconds: 100"));
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(Timeout.InfiniteTimeSpan, context.Time, ct);
        var id = _bed.Start(Own());
        _bed.Pass(TimeSpan.FromSeconds(60));
        _bed.Kill();
        _bed.Pass(TimeSpan.FromSeconds(10));
        _bed.StartHost();
        _bed.UntilState(id, JobState.Halted);
        var starts = _bed.Events.OfType<StepStarted>().ToArray();
        Assert.Equal([1, 1], starts.Select(s => s.Attempt));
        Assert.Equal(starts[0].At + TimeSpan.FromSeconds(100), _bed.Events.OfType<Halted>().Single().At);
        Assert.Contains("did not finish by its deadline", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);

        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: true, default)));
        _bed.Pass(TimeSpan.FromSeconds(90));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
    }

    [Fact]
    public void R8_a_success_window_begins_anew_with_every_bad_look_and_every_host()
    {
        Use(BedWorkflows.Own("""
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
                    success_window_seconds: 20
                    poll_interval_seconds: 1
                    timeout_seconds: 1000
            """));
        var bad = SimulatedTime.Start;
        _bed.Ports.WhyNot = (_, context) => context.Time.GetUtcNow() == bad ? "a glitch" : null;
        var id = _bed.Start(Own("b1"));
        bad = _bed.Time.GetUtcNow() + TimeSpan.FromSeconds(15);
        _bed.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        _bed.Kill();
        var back = _bed.Time.GetUtcNow();
        _bed.StartHost();
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(back + TimeSpan.FromSeconds(20), _bed.Events.OfType<StepSucceeded>().First().At);
    }

    [Fact]
    public void R8_a_wait_that_can_never_succeed_fails_at_once()
    {
        Use(BedWorkflows.Own("""
            - task: !wait-for-conditions
                conditions:
                  - condition: !holds
                    timeout_seconds: 1000
                  - condition: !is-up-normal
                      known_node: nobody
            """));
        _bed.Ports.WhyNot = (_, _) => "not yet";
        var id = _bed.Start(Own("b1"));
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal(_bed.Events.OfType<StepStarted>().Last().At, _bed.Job(id).Halt!.At);
        Assert.False(_bed.Job(id).Halt!.Recoverable);
    }

    [Fact]
    public void R8_retries_grow_by_their_backoff_and_never_beyond_an_hour()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n  retries: 100\n  retry_delay_seconds: 10\n  retry_backoff: 10"));
        _bed.Ports.ProbeAsync = (_, _, _) => throw new RecoverableException("later");
        _bed.UntilState(_bed.Start(Own()), JobState.Running);
        _bed.Pass(TimeSpan.FromDays(5));
        var waits = _bed.Events.OfType<StepFailed>().Where(f => f.RetryAt is not null).Select(f => (f.RetryAt!.Value - f.At).TotalSeconds);
        Assert.Equal([10, 100, 1000, 3600, 3600], waits.Take(5));
        Assert.Equal(JobState.Halted, _bed.Told[^1].Job.State);
    }

    [Fact]
    public void A_human_who_resumes_after_hours_gives_interrupted_waits_their_patience_back()
    {
        Use(BedWorkflows.Own("- task: !take-down"));
        _bed.Ports.WhyNot = (_, _) => "not yet";
        var id = _bed.Run(Own("b1"));
        _bed.Pass(TimeSpan.FromSeconds(30));
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromHours(2));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Pass(TimeSpan.FromMinutes(4));
        Assert.Equal(JobState.Running, _bed.Job(id).State);
        _bed.UntilState(id, JobState.Halted);
    }

    [Fact]
    public void An_unexpected_exception_in_a_task_is_unrecoverable()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n  retries: 3"));
        _bed.Ports.ProbeAsync = (_, _, _) => throw new InvalidOperationException("a bug");
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal((false, "unclassified: InvalidOperationException: a bug"), (_bed.Job(id).Halt!.Recoverable, _bed.Job(id).Halt!.Why));
        Assert.Single(_bed.Events.OfType<StepStarted>());
    }

    [Fact]
    public void A_task_that_cancels_itself_has_failed()
    {
        Use(BedWorkflows.OfCluster("- task: !probe"));
        _bed.Ports.ProbeAsync = (_, _, _) => throw new OperationCanceledException("on its own");
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.StartsWith("unclassified: OperationCanceledException", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void R12_a_connection_that_breaks_is_attached_to_again_and_the_command_runs_once()
    {
        var lost = 0;
        _bed.Ports.Fate = call => call.Changes && call.What.Contains("stop", StringComparison.Ordinal) && lost++ < 3 ? Loss.After : Loss.None;
        var id = _bed.Run(Request(target: new Target.Named(["b1"])));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Single(_bed.Effects, e => e.Kind == "stop");
        Assert.Empty(_bed.Events.OfType<StepFailed>());
    }

    [Fact]
    public void R12_receipts_of_a_failed_attempt_are_released_only_when_its_step_has_succeeded()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 1);
        var id = _bed.Run(Request(target: new Target.Named(["b1"])));
        _bed.Until(() => _bed.Events.OfType<StepFailed>().Any());
        Assert.DoesNotContain(_bed.Ports.Released, r => r.Contains("start", StringComparison.Ordinal));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(2, _bed.Ports.Released.Count(r => r.Contains("start", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(Loss.Before)]
    [InlineData(Loss.After)]
    public void A_drain_whose_call_or_answer_is_lost_happens_once(Loss loss)
    {
        var lost = false;
        _bed.Ports.Fate = call => call.What.EndsWith("/drain", StringComparison.Ordinal) && !lost && (lost = true) ? loss : Loss.None;
        var id = _bed.Run(Request(target: new Target.Named(["b1"])));
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        if (loss == Loss.Before)
        {
            // It had no effect and says so: worth a retry, which this workflow leaves to a human.
            Assert.True(_bed.Job(id).Halt!.Recoverable);
            Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
            _bed.UntilState(id, JobState.Ended);
        }

        Assert.Single(_bed.Effects, e => e.Kind == "drain");
    }

    [Theory]
    [InlineData(AppendFault.NotWritten)]
    [InlineData(AppendFault.NotAcknowledged)]
    public void R14_a_message_exists_exactly_when_its_event_does(AppendFault fault)
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        var failed = 0;
        _bed.Store.Inner.OnAppend = (_, events) => events.Any(e => e is Halted) && failed++ == 0 ? fault : AppendFault.None;
        _bed.Until(() => failed > 0);
        Assert.Equal(fault == AppendFault.NotWritten ? 0 : 1, Rows(id, "halt").Length);

        // The engine takes the job up again from the journal, so the halt comes and its node is not left alone.
        _bed.UntilState(id, JobState.Halted);
        Assert.Single(Rows(id, "halt"));
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void A_store_that_fails_after_a_step_does_not_make_the_step_a_failure()
    {
        var id = _bed.Run();
        var failed = false;
        _bed.Store.Inner.OnAppend = (_, events) => events.Any(e => e is StepSucceeded) && !failed && (failed = true) ? AppendFault.NotWritten : AppendFault.None;
        _bed.UntilState(id, JobState.Ended);
        Assert.True(failed);
        Assert.Empty(_bed.Events.OfType<StepFailed>());
        Assert.Equal(4, _bed.Effects.Count(e => e.Kind == "drain"));
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }

    private OutboxRow[] Rows(JobId id, string kind) => [.. _bed.Stored(s => s.OutboxAsync(id, default)).Where(r => r.Kind == kind)];
}
