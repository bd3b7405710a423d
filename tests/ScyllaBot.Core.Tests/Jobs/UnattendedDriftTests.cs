using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R27 where nobody presses anything: a job that would go on, or begin, by itself finds another ring than it was planned for.</summary>
public sealed class UnattendedDriftTests : IDisposable
{
    private const string Units = """
        name: Look after the data
        cluster_tasks:
          - task: !node-workflow
              name: Nodes
              node_tasks:
                - task: !probe
                    does: unit
        """;

    private const string Stranger = "11111111-2222-4333-8444-555555555555";

    private EngineBed _bed = Bed(new ApprovalPolicy());

    [Fact]
    public void R27_a_job_that_yielded_and_whose_node_has_left_says_so_once_and_goes_on_when_it_is_dropped()
    {
        var (id, other) = Yielded();
        Gone("d1");
        _bed.Pass(TimeSpan.FromSeconds(10));
        Yes(_bed.Press(c => c.AbortAsync(Mara, other, now: true, default)));
        _bed.Until(() => _bed.Events.OfType<PlanDrifted>().Any());
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(JobState.Paused, _bed.Job(id).State);
        var notice = Assert.Single(Notices(id, OutboxItems.Drift));
        Assert.NotEqual(Mentions.None, notice.Mentions);
        Assert.Contains(notice.Parts, p => p is { Name: "It stays paused", Text.Length: > 0 });

        Assert.Contains(Presses.For(_bed.Job(id), null), c => c.Label == "Drop d1");
        Yes(_bed.Press(c => c.SkipAsync(Jon, id, "d1", default)));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Single(_bed.Events.OfType<PlanDrifted>());
    }

    [Fact]
    public void R27_a_job_that_was_paused_with_all_others_says_that_another_machine_keeps_it_from_going_on()
    {
        var id = Background();
        _bed.Until(() => _bed.Events.OfType<StepSucceeded>().Any());
        Yes(_bed.Press(c => c.HaltAllAsync(Mara, "fire", default)));
        _bed.UntilState(id, JobState.Paused);
        Rename("c1");
        Yes(_bed.Press(c => c.LiftAsync(Jon, default)));
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(JobState.Paused, _bed.Job(id).State);
        var notice = Assert.Single(Notices(id, OutboxItems.Drift));
        Assert.Contains(Stranger[..8], notice.Body, StringComparison.Ordinal);
        Assert.NotEqual(Mentions.None, notice.Mentions);

        // The same host looks again and again, another one does too: it is said once.
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Single(Notices(id, OutboxItems.Drift));
    }

    [Fact]
    public void R27_a_start_that_waited_for_the_lease_only_begins_nothing_on_another_ring()
    {
        _bed.Dispose();
        _bed = Bed(new ApprovalPolicy { Starts = ImmutableSortedDictionary<ClusterEnvironment, int>.Empty.Add(ClusterEnvironment.Sandbox, 0) });
        var background = _bed.Start(Request(workflow: "background"));
        _bed.Until(() => _bed.Events.OfType<StepStarted>().Any());
        var restart = _bed.Start(Request("request-2"));
        Assert.True(_bed.Job(restart) is { State: JobState.Waiting, AwaitsLease: true, Approvals.IsEmpty: true });
        Gone("d1");
        _bed.UntilState(restart, JobState.Ended);

        Assert.Equal(JobOutcome.Refused, _bed.Job(restart).End!.Outcome);
        Assert.False(_bed.Job(restart).HasBegun);
        Assert.DoesNotContain(_bed.Effects, e => e.Kind is "drain" or "stop");
        Assert.NotEqual(background, restart);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void R27_whoever_is_another_machine_or_has_left_by_the_time_of_an_approval_halts_the_job(bool isStranger)
    {
        _bed.Dispose();
        _bed = new EngineBed(1, BedWorkflows.OfCluster("- task: !probe\n  approval:\n    message: May I?"));
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey("1"));
        (isStranger ? Rename : (Action<string>)Gone)("c1");
        _bed.Pass(TimeSpan.FromSeconds(10));
        Yes(_bed.Approve(id, "1"));
        _bed.UntilState(id, JobState.Halted);

        Assert.Contains(isStranger ? Stranger : "c1 left the ring", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
        Assert.Single(_bed.Events.OfType<ApprovalAsked>());
        Assert.DoesNotContain(_bed.Events, e => e is StepStarted);
        Assert.Contains(isStranger ? "Another machine" : "left the ring", No(_bed.Press(c => c.RetryAsync(Mara, id, false, default))), StringComparison.Ordinal);
        Assert.Equal(!isStranger, Presses.ForHalt(_bed.Job(id), null).Any(c => c.Label == "Drop c1"));
    }

    public void Dispose() => _bed.Dispose();

    private static EngineBed Bed(ApprovalPolicy approvals)
    {
        var bed = new EngineBed(1, new BedOptions
        {
            Approvals = approvals, Workflows = [("restart.yaml", BedWorkflows.Restart), ("background.yaml", Units)],
        });
        bed.Ports.ProbeAsync = (_, context, ct) => Task.Delay(TimeSpan.FromMinutes(2), context.Time, ct);
        return bed;
    }

    /// <summary>The one it yielded to has just begun.</summary>
    private (JobId Background, JobId Other) Yielded()
    {
        var id = Background();
        _bed.Until(() => _bed.Events.OfType<StepSucceeded>().Any());
        var restart = _bed.Start(Request("request-2"));
        Yes(_bed.Approve(restart));
        _bed.UntilState(id, JobState.Paused);
        _bed.Until(() => _bed.Job(restart).LeaseEpoch > 0);
        return (id, restart);
    }

    /// <summary>Of somebody whom the chat can ring.</summary>
    private JobId Background()
    {
        var mara = Mara with { Person = new Person("100000000000000001", "mara") };
        var plan = _bed.Plan(Request(workflow: "background"), mara);
        return Yes(_bed.Do(c => c.StartAsync(mara, plan, CancellationToken.None)));
    }

    private ImmutableArray<Notice> Notices(JobId id, string kind) => [.. _bed.Stored(s => s.OutboxAsync(id, CancellationToken.None))
        .Where(row => row.Kind == kind).Select(row => NoticeJson.Read(row.Payload))];

    private void Rename(string node) => Rewrite(body => body.Replace($"{_bed.Sim(node).Id.HostId}", Stranger, StringComparison.Ordinal));

    private void Gone(string node) => Rewrite(body => Regex.Replace(
        body, $$"""\{[^{}]*({{_bed.Sim(node).Id.HostId}}|"{{Regex.Escape(_bed.Sim(node).Id.Address)}}")[^{}]*\},?""", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
        .Replace(",]", "]", StringComparison.Ordinal));

    private void Rewrite(Func<string, string> rewrite) =>
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal) ? rewrite(body) : body;
}
