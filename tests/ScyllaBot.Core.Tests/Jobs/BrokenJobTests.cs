using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>Whatever breaks, a job is not left without a driver, and somebody is called once.</summary>
public sealed class BrokenJobTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R7_what_leaves_the_loop_halts_the_job_calls_once_and_a_retry_goes_on()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n- task: !probe\n  skip_when:\n    - condition: !holds"));
        _bed.Ports.WhyNot = (_, _) => throw new InvalidTimeZoneException("a bug");
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal("unclassified: InvalidTimeZoneException: a bug", _bed.Job(id).Halt!.Why);
        Assert.Contains("No node is down", _bed.Job(id).Halt!.SafeNow, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Single(_bed.Events.OfType<Halted>());
        Assert.Single(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == OutboxItems.Halt);
        Assert.NotNull(_bed.Engine.Find(id));

        _bed.Ports.WhyNot = (_, _) => "not so";
        Yes(_bed.Press(c => c.RetryAsync(Mara, id, extend: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void An_approved_job_that_can_not_begin_because_nobody_serves_ends_when_it_is_aborted()
    {
        var id = _bed.Start();
        _bed.Ports.Fate = call => call.IsHttp ? Loss.Before : Loss.None;
        Yes(_bed.Approve(id));
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(JobState.Waiting, _bed.Job(id).State);
        Yes(_bed.Press(c => c.AbortAsync(Operator, id, now: false, default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Aborted, _bed.Job(id).End!.Outcome);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
        Assert.Empty(_bed.Complaints);
    }

    [Fact]
    public void R6_a_node_that_answers_nonsense_does_not_tell_and_the_job_holds_for_it()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e is { Kind: "stop", Node: "b1" }));
        _bed.Ports.Rewrite = (call, body) => call is { Node: "d1", IsHttp: true } && call.What.EndsWith("operation_mode", StringComparison.Ordinal) ? "<html>" : body;
        _bed.UntilState(id, JobState.Holding);
        Assert.Contains("d1 is unreadable (d1: storage_service/operation_mode answered something unreadable", _bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("b1", Assert.Single(_bed.Events.OfType<NodeHeld>()).Node);
        _bed.Ports.Rewrite = (_, body) => body;
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End?.Outcome);
        Assert.Empty(_bed.Complaints);
    }

    [Fact]
    public void R4_a_node_is_brought_up_though_the_job_that_has_the_cluster_is_not_at_work_here()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e is { Kind: "stop", Node: "b1" }));
        _bed.Kill();
        _bed.Pass(TimeSpan.FromMinutes(2));
        var failed = false;
        _bed.Store.Inner.OnAppend = (_, events) => events.Any(e => e is HostResumed) && !failed && (failed = true) ? AppendFault.NotWritten : AppendFault.None;
        Assert.Equal(id, Assert.Single(_bed.StartHost()).Job);
        Assert.False(_bed.Sim("b1").Serves);
        Done(c => c.HaltAllAsync(Reader, "fire", default));

        var start = Assert.IsType<PlanOutcome.Ready>(_bed.Do(() => _bed.Control.PlanTaskAsync(Operator, new TaskRequest(
            "request-2", "systemd-start-service", BedClusters.Name, "b1",
            System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("service", "scylla-server"), "it is down"), default))).Plan;
        var beside = Yes(_bed.Press(c => c.StartAsync(Operator, start, default)));
        Assert.NotEqual(id, beside);
        _bed.UntilState(beside, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(beside).End!.Outcome);
        _bed.Until(() => _bed.Sim("b1").Serves);
        Assert.Equal(id, _bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
    }

    [Fact]
    public void R18_a_debt_is_paid_under_the_lease_when_a_job_that_gave_it_up_is_aborted()
    {
        const string background = "name: Look after the data\ncluster_tasks:\n  - task: !node-workflow\n      name: Nodes\n      node_tasks:\n        - task: !probe\n            does: unit\n        - task: !probe\n            does: rest\n";
        Use(new BedOptions { Workflows = [("restart.yaml", BedWorkflows.Restart), ("background.yaml", background)] });
        var paidAt = new List<DateTimeOffset>();
        _bed.Ports.ProbeAsync = async (does, context, ct) =>
        {
            if (does == "pay")
            {
                paidAt.Add(_bed.Time.GetUtcNow());
                return;
            }

            await context.Debts.OpenAsync(
                new Owing(DebtKind.ManagerSuspended, "", "something is suspended", TimeSpan.FromDays(1), DebtUndo.Of("probe", null, byItself: true, ("does", "pay"))), ct);
            await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
        };
        var id = _bed.Start(Request(workflow: "background"));
        _bed.Until(() => _bed.Job(id).Owed.Any());
        var restart = _bed.Start(Request("request-2"));
        Yes(_bed.Approve(restart));
        _bed.UntilState(id, JobState.Paused);
        _bed.Until(() => _bed.Job(restart).State == JobState.Running);
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        _bed.UntilState(restart, JobState.Ended);
        Assert.DoesNotContain(paidAt, at => at < _bed.Job(restart).End!.At);
        _bed.UntilState(id, JobState.Ended);
        Assert.Single(paidAt);
        Assert.Equal(3, _bed.Events.OfType<LeaseTaken>().Count());
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
    }

    public void Dispose() => _bed.Dispose();

    private void Done(Func<IJobControl, Task<Outcome>> verb) => Assert.IsType<Outcome.Done>(_bed.Press(verb));

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
