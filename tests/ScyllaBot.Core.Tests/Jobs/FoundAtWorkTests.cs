using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R13: another bot's footprints are found on a cluster while a job of this one is at work there.</summary>
public sealed class FoundAtWorkTests : IDisposable
{
    private static readonly string Slow = BedWorkflows.Restart.Replace("success_window_seconds: 10", "success_window_seconds: 280", StringComparison.Ordinal);

    private EngineBed _bed = new(options: new BedOptions { Workflows = [("restart.yaml", Slow)] });

    [Fact]
    public void R13_a_job_at_work_ends_its_held_node_calls_once_and_goes_on_after_the_acknowledgement()
    {
        var id = _bed.Run();
        HoldingAfterTenMinutes(id);
        var held = Assert.Single(_bed.Job(id).Held).Key;
        var begun = Begun(id);
        Find();

        // R3: whoever was held is in the ring again, and nobody else was begun.
        _bed.Until(() => _bed.Job(id) is { State: JobState.Halted, IsAtSafePoint: true });
        Assert.Equal(begun, Begun(id));
        Assert.True(_bed.Sim(held).Serves);
        Assert.Contains("read-only (R13)", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        foreach (var verb in new Func<IJobControl, Task<Outcome>>[]
        {
            c => c.RetryAsync(Mara, id, false, default), c => c.SkipAsync(Jon, id, "d1", default), c => c.ResumeAsync(Mara, id, default),
        })
        {
            No(_bed.Press(verb));
        }

        _bed.Pass(TimeSpan.FromMinutes(8));
        Find("request-3");
        Assert.Equal(1, Calls(id));
        Assert.Equal(begun, Begun(id));

        _bed.AcknowledgeTraces();
        Assert.Equal((JobState.Paused, true), (_bed.Job(id).State, _bed.Job(id).IsUnlocked));
        Yes(_bed.Press(c => c.HandBackAsync(Jon, id, ImmutableSortedDictionary<string, string>.Empty, HandbackChoice.Done, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.True(_bed.Verdict() is { Healthy: true, QuorumEverLost: false });
    }

    [Fact]
    public void R13_over_a_restart_of_the_bot_it_stands_still_and_nobody_is_called_again()
    {
        var id = _bed.Run();
        HoldingAfterTenMinutes(id);
        Find();
        _bed.Until(() => _bed.Job(id) is { State: JobState.Halted, IsAtSafePoint: true });
        _bed.Kill();
        Assert.Equal(id, Assert.Single(_bed.StartHost()).Job);
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal(1, Calls(id));
    }

    [Fact]
    public void R13_a_host_that_dies_between_the_find_and_the_halt_begins_no_node_after_it()
    {
        var id = _bed.Run();
        HoldingAfterTenMinutes(id);
        var begun = Begun(id);
        Plant();
        _bed.Store.DiesAt = _bed.Store.Appends + 1;
        _bed.TryDo(() => _bed.Control.PlanAsync(Mara, Request("request-2"), default), out _);
        Assert.True(_bed.Store.HasDied);
        Assert.Single(_bed.History.OfType<FootprintsFound>());
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal(begun, Begun(id));
        Assert.Equal((JobState.Halted, 1), (_bed.Job(id).State, Calls(id)));
    }

    [Fact]
    public void R13_a_start_that_waits_for_its_approval_does_not_begin_before_the_acknowledgement()
    {
        var id = _bed.Start();
        _bed.Pass(TimeSpan.FromMinutes(11));
        Find();
        Yes(_bed.Approve(id));
        _bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal((JobState.Waiting, 0), (_bed.Job(id).State, _bed.Effects.Count(e => e.Kind == "drain")));
    }

    [Fact]
    public void R13_what_a_halt_of_everything_had_paused_stays_paused_when_that_is_lifted()
    {
        var id = _bed.Run();
        HoldingAfterTenMinutes(id);
        Yes(_bed.Press(c => c.HaltAllAsync(Reader, "", default)));
        _bed.UntilState(id, JobState.Paused);
        Find();
        Yes(_bed.Press(c => c.LiftAsync(Ada, default)));
        _bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(JobState.Paused, _bed.Job(id).State);
    }

    [Fact]
    public void R4_a_node_that_is_down_is_brought_up_beside_the_halted_job_past_the_fence_of_the_other_bot()
    {
        var id = _bed.Run();
        _bed.Pass(TimeSpan.FromMinutes(11));
        _bed.Until(() => _bed.Job(id).Held.Keys.Any(n => _bed.Sim(n).Unit.ActiveState == "inactive"));
        var down = Assert.Single(_bed.Job(id).Held).Key;
        Plant(down);
        Find();
        _bed.Until(() => _bed.Job(id).Steps.Values.Any(s => s is { Status: StepStatus.Failed, RetryAt: null } && s.Key.Node == down));
        Assert.False(_bed.Sim(down).Serves);
        var start = StartOf(down);
        Assert.NotEqual(id, Yes(_bed.Press(c => c.StartAsync(Operator, start, default))));
        _bed.Until(() => _bed.Sim(down).Serves);
    }

    [Fact]
    public void R4_a_store_error_at_the_halt_leaves_the_job_to_the_acknowledgement_and_the_node_to_whoever_starts_it()
    {
        var id = _bed.Run();
        _bed.Pass(TimeSpan.FromMinutes(11));
        _bed.Until(() => _bed.Job(id).Held.Keys.Any(n => _bed.Sim(n).Unit.ActiveState == "inactive"));
        var down = Assert.Single(_bed.Job(id).Held).Key;
        Plant(down);
        FailOnce<Halted>();
        Find();

        // R4: at once, and later as well: what the fold of the lost run says is under way is not.
        Yes(_bed.Press(c => c.StartAsync(Operator, StartOf(down), default)));
        _bed.Until(() => _bed.Sim(down).Serves);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal((JobState.Halted, 1), (_bed.Job(id).State, Calls(id)));

        _bed.AcknowledgeTraces();
        Assert.Equal((JobState.Paused, true), (_bed.Job(id).State, _bed.Job(id).IsUnlocked));
        Yes(_bed.Press(c => c.HandBackAsync(Jon, id, ImmutableSortedDictionary<string, string>.Empty, HandbackChoice.Done, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Theory]
    [InlineData(AppendFault.NotWritten)]
    [InlineData(AppendFault.NotAcknowledged)]
    public void R13_what_was_found_while_the_store_failed_is_found_again(AppendFault fault)
    {
        _bed.Plan();
        _bed.Pass(TimeSpan.FromMinutes(11));
        Plant();
        FailOnce<FootprintsFound>(fault);
        Assert.ThrowsAny<Exception>(() => _bed.Plan());
        Assert.Contains("read-only", _bed.Plan().Concerns.FirstOrDefault() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void R13_what_was_found_counts_although_whoever_asked_is_gone()
    {
        _bed.Plan();
        _bed.Pass(TimeSpan.FromMinutes(11));
        Plant();
        using var gone = new CancellationTokenSource();
        _bed.Store.Appending = events =>
        {
            if (events.Any(e => e is FootprintsFound))
            {
                gone.Cancel();
            }
        };
        try
        {
            _bed.Do(() => _bed.Control.PlanAsync(Mara, Request(), gone.Token));
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the answer.
        }

        Assert.True(gone.IsCancellationRequested);
        Assert.Single(_bed.History.OfType<FootprintsFound>());
        Assert.Contains("read-only", _bed.Plan().Concerns.FirstOrDefault() ?? "", StringComparison.Ordinal);
    }

    public void Dispose() => _bed.Dispose();

    private void FailOnce<T>(AppendFault fault = AppendFault.NotWritten)
    {
        var failed = false;
        _bed.Store.Inner.OnAppend = (_, events) => events.Any(e => e is T) && !failed && (failed = true) ? fault : AppendFault.None;
    }

    private Plan StartOf(string node) => Assert.IsType<PlanOutcome.Ready>(_bed.Do(() => _bed.Control.PlanTaskAsync(Operator, new TaskRequest(
        "start-it", "systemd-start-service", BedClusters.Name, node, ImmutableSortedDictionary<string, string>.Empty.Add("service", "scylla-server"), "R4"), default))).Plan;

    /// <summary>The look of the start is no longer fresh then, and a node is in the middle of its steps.</summary>
    private void HoldingAfterTenMinutes(JobId id)
    {
        _bed.Pass(TimeSpan.FromMinutes(11));
        _bed.Until(() => !_bed.Job(id).IsAtSafePoint);
    }

    /// <summary>Another bot did something, with an epoch of its own.</summary>
    private void Plant(string on = "d1") => _ = _bed.Do(() => _bed.Ports.RunAsync(
        _bed.Cluster.Find(on)!, new RemoteCommand(["true"], TimeSpan.FromSeconds(10)) { Step = "01FOREIGN/1.1/1", Receipt = "scp-01FOREIGN-1.1-1-true", Epoch = 50, Lease = BedClusters.Name }, null, default));

    /// <summary>Somebody plans something, and so the nodes are looked at.</summary>
    private void Find(string request = "request-2")
    {
        if (_bed.History.OfType<FootprintsFound>().Any())
        {
            _bed.Plan(Request(request));
            return;
        }

        Plant();
        Assert.Contains("read-only", _bed.Plan(Request(request)).Concerns[0], StringComparison.Ordinal);
        Assert.Single(_bed.History.OfType<FootprintsFound>());
    }

    private string[] Begun(JobId id) => [.. _bed.Job(id).Steps.Keys.Select(k => k.Node).OfType<string>().Distinct(StringComparer.Ordinal)];

    private int Calls(JobId id) => _bed.Stored(s => s.OutboxAsync(id, default)).Count(r => r.Kind == "halt");
}
