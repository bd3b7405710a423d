using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R16: who may decide, and what no decision leads to.</summary>
public sealed class ApprovalTests : IDisposable
{
    private EngineBed _bed = new();

    [Fact]
    public void R16_never_the_requester_and_never_without_the_right()
    {
        var id = _bed.Start();
        Assert.Contains("somebody else", No(_bed.Approve(id, by: Mara)), StringComparison.Ordinal);
        Assert.Contains("approver right", No(_bed.Approve(id, by: Operator)), StringComparison.Ordinal);
        Assert.Empty(_bed.Effects);
        Yes(_bed.Approve(id));
        Assert.Equal("Already approved by jon.", No(_bed.Approve(id, by: Jon)));
    }

    [Fact]
    public void R16_two_approvals_are_two_people()
    {
        Use(new BedOptions
        {
            Approvals = new ApprovalPolicy { Starts = ImmutableSortedDictionary<ClusterEnvironment, int>.Empty.Add(ClusterEnvironment.Sandbox, 2) },
        });
        var id = _bed.Start();
        Yes(_bed.Approve(id));
        Assert.Contains("another person", No(_bed.Approve(id)), StringComparison.Ordinal);
        Assert.Equal(JobState.Waiting, _bed.Job(id).State);
        Yes(_bed.Approve(id, by: Jon with { Person = new Person("zoe", "zoe") }));
        _bed.UntilState(id, JobState.Running);
    }

    [Fact]
    public void R16_a_start_that_nobody_approves_voids_the_plan_and_frees_the_lease()
    {
        var id = _bed.Start();
        _bed.Pass(TimeSpan.FromMinutes(30));
        _bed.Kill();
        _bed.StartHost();
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(TimeSpan.FromHours(1), _bed.Job(id).End!.At - _bed.Job(id).Birth.At);
        Assert.Equal(JobOutcome.Refused, _bed.Job(id).End!.Outcome);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
        Assert.Contains("has ended", No(_bed.Approve(id)), StringComparison.Ordinal);
    }

    [Fact]
    public void R16_the_requester_may_withdraw_and_an_approver_refuse()
    {
        var id = _bed.Start();
        Yes(_bed.Press(c => c.DecideAsync(Mara, id, Approvals.Start, approve: false, "", default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal((JobOutcome.Refused, "refused by mara: withdrawn by its requester"), (_bed.Job(id).End!.Outcome, _bed.Job(id).End!.Why));
    }

    [Fact]
    public void R16_an_approval_inside_a_job_that_expires_halts_at_a_safe_point_and_a_retry_asks_again()
    {
        Use(BedWorkflows.OfCluster("""
            - task: !probe
              approval:
                message: May I?
                approvers: [dba]
                timeout_seconds: 600
            """));
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Halted);
        Assert.True(_bed.Job(id).IsAtSafePoint);
        Assert.Single(_bed.Events.OfType<ApprovalExpired>());
        Assert.Empty(_bed.Events.OfType<StepStarted>());
        Yes(_bed.Press(c => c.RetryAsync(Operator, id, extend: false, default)));
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Count() == 2);
        Assert.Contains("it is for dba", No(_bed.Approve(id, "1")), StringComparison.Ordinal);
        Yes(_bed.Approve(id, "1", Jon with { Roles = ["dba"] }));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void An_approval_that_is_open_when_the_host_dies_is_still_open_afterwards()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n  approval:\n    message: May I?"));
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Any());
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Single(_bed.Events.OfType<ApprovalAsked>());
        Yes(_bed.Approve(id, "1"));
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void Nobody_approves_a_job_that_is_being_aborted()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n  approval:\n    message: May I?", top: "always:\n  - task: !probe\n      does: wait"));
        _bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromMinutes(10), context.Time, ct);
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Any());
        Yes(_bed.Press(c => c.AbortAsync(Mara, id, now: false, default)));
        Assert.Contains("aborting", No(_bed.Approve(id, "1")), StringComparison.Ordinal);
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    public void Dispose() => _bed.Dispose();

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
