using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R15, R27: what was meant against what is there.</summary>
public sealed class DriftTests : IDisposable
{
    private static readonly ImmutableSortedSet<string> None = ImmutableSortedSet<string>.Empty;
    private EngineBed _bed = new();

    [Fact]
    public void R27_gone_new_and_another_machine_are_told_apart_by_host_id()
    {
        var then = Meant(("id-1", "10.0.0.1"), ("id-2", "10.0.0.2"), ("id-3", "10.0.0.3"));
        var now = Meant(("id-1", "10.0.0.1"), ("id-9", "10.0.0.2"), ("id-4", "10.0.0.4"));
        var found = PlanComparison.Of(then, now, Name, None, None);
        Assert.Equal("10.0.0.3", Assert.Single(found.Gone));
        Assert.Contains("10.0.0.2 now has host id id-9, it had id-2", Assert.Single(found.Strangers), StringComparison.Ordinal);
        Assert.Equal(3, found.Differences.Length);
        Assert.Contains(found.Differences, d => d.Contains("10.0.0.4 (id-4) is new in the ring; this job never touches it", StringComparison.Ordinal));
    }

    [Fact]
    public void R15_what_the_job_did_itself_is_expected()
    {
        var then = Meant(("id-1", "10.0.0.1"), ("id-2", "10.0.0.2")) with { Versions = Map(("n1", "6.0"), ("n2", "6.0")) };
        var now = Meant(("id-1", "10.0.0.1"), ("id-3", "10.0.0.3")) with { Versions = Map(("n1", "6.1"), ("n2", "6.1")) };
        var own = ImmutableSortedSet.Create("10.0.0.2", "10.0.0.3");
        Assert.Equal("n2 ran 6.0 and runs 6.1, and not by this job", Assert.Single(PlanComparison.Of(then, now, Name, own, ImmutableSortedSet.Create("n1")).Differences));
        Assert.True(PlanComparison.Of(then, now, Name, own, ImmutableSortedSet.Create("n1", "n2")).IsEmpty);
    }

    [Fact]
    public void R15_zone_replication_and_policy_are_compared_too()
    {
        var then = Meant(("id-1", "10.0.0.1")) with { Zones = Map(("n1", "dc/a")), Replication = Map(("ks", "3")), Policy = ["a"] };
        var now = Meant(("id-1", "10.0.0.1")) with { Zones = Map(("n1", "dc/b")), Replication = Map(("ks", "2"), ("new", "3")), Policy = ["b"] };
        Assert.Equal(
            [
                "n1 was in zone dc/a and is in dc/b", "keyspace ks was replicated by 3, now by 2", "keyspace new is new",
                "new in the inventory's policy: b", "no longer in the inventory's policy: a",
            ],
            PlanComparison.Of(then, now, Name, None, None).Differences.ToArray());
    }

    [Fact]
    public void R15_a_version_that_somebody_else_changed_before_the_start_voids_the_plan()
    {
        var id = _bed.Start();
        Upgrade("c1");
        Yes(_bed.Approve(id));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Refused, _bed.Job(id).End!.Outcome);
        Assert.Contains("c1 ran", _bed.Events.OfType<PlanDrifted>().Single().What, StringComparison.Ordinal);
        Assert.Empty(_bed.Effects);
    }

    [Fact]
    public void R15_a_drift_while_a_job_is_paused_is_shown_voids_what_was_approved_ahead_and_needs_a_second_word()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n    does: first\n- task: !probe\n  approval:\n    message: May I?"));
        _bed.Ports.ProbeAsync = (does, context, ct) => does == "first" ? Task.Delay(TimeSpan.FromMinutes(5), context.Time, ct) : Task.CompletedTask;
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Running);
        Yes(_bed.Approve(id, "2"));
        Assert.Single(_bed.Job(id).Ahead);
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Paused);
        Upgrade("c1");
        Assert.Contains("(R15)", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Assert.Empty(_bed.Job(id).Ahead);
        Assert.Single(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == "drift");
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey("2"));
        Yes(_bed.Approve(id, "2"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Single(_bed.Events.OfType<PlanDrifted>());
    }

    [Fact]
    public void R15_an_approval_that_was_waited_for_is_asked_again_when_the_cluster_has_changed_meanwhile()
    {
        Use(BedWorkflows.OfCluster("- task: !probe\n  approval:\n    message: May I?"));
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey("1"));
        Upgrade("c1");
        Yes(_bed.Approve(id, "1"));
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Count() == 2);
        Assert.Single(_bed.Events.OfType<PlanDrifted>());
        Assert.Empty(_bed.Events.OfType<StepStarted>());
        Yes(_bed.Approve(id, "1"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R15_after_a_drift_at_a_resume_an_approver_is_asked_before_any_node_that_has_not_begun()
    {
        var id = PausedAfterTheFirstNode();
        Upgrade("c1");
        Assert.Contains("(R15)", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Single(_bed.Events.OfType<NodeHeld>());
        var asked = Assert.Single(_bed.Events.OfType<ApprovalAsked>(), a => a.Key == Approvals.Drift);
        Assert.Contains("c1 ran", asked.Message, StringComparison.Ordinal);
        Assert.Contains(_bed.Stored(s => s.OutboxAsync(id, default)), r => r.Kind == "approval" && r.Payload.Contains("c1 ran", StringComparison.Ordinal));
        Assert.Contains("somebody else", No(_bed.Approve(id, Approvals.Drift, Mara)), StringComparison.Ordinal);
        Yes(_bed.Approve(id, Approvals.Drift));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
        Assert.Single(_bed.Events.OfType<ApprovalAsked>(), a => a.Key == Approvals.Drift);
    }

    [Fact]
    public void R15_a_second_drift_voids_what_was_approved_after_the_first_one()
    {
        var id = PausedAfterTheFirstNode();
        Upgrade("c1");
        No(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey(Approvals.Drift));
        Yes(_bed.Approve(id, Approvals.Drift));
        _bed.Until(() => _bed.Events.OfType<NodeHeld>().Count() == 2);
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromSeconds(10));
        Upgrade("d1");
        No(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Pass(TimeSpan.FromMinutes(20));
        Assert.Equal(2, _bed.Events.OfType<NodeHeld>().Count());
        Yes(_bed.Press(c => c.DecideAsync(Jon, id, Approvals.Drift, approve: false, "not tonight", default)));
        _bed.UntilState(id, JobState.Halted);
        Assert.Equal(2, _bed.Events.OfType<NodeHeld>().Count());
    }

    [Fact]
    public void R15_a_held_node_comes_to_its_end_before_anybody_is_asked_again_and_over_a_restart_the_question_stands()
    {
        _bed.Arm(ScyllaBot.Sandbox.Clusters.FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Assert.NotEmpty(_bed.Job(id).Held);
        Upgrade("c1");
        Assert.Contains("(R15)", No(_bed.Press(c => c.RetryAsync(Mara, id, false, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.RetryAsync(Mara, id, false, default)));
        _bed.Until(() => _bed.Job(id) is { IsAtSafePoint: true, State: JobState.Running } job && job.Approvals.ContainsKey(Approvals.Drift));
        Assert.True(_bed.Sim("b1").Serves);
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Single(_bed.Events.OfType<NodeHeld>());
        Yes(_bed.Approve(id, Approvals.Drift));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R15_nobody_decides_in_time_and_the_job_stands_at_its_safe_point_until_it_is_asked_again()
    {
        var id = PausedAfterTheFirstNode();
        Upgrade("c1");
        No(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey(Approvals.Drift));
        _bed.UntilState(id, JobState.Paused);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Count(a => a.Key == Approvals.Drift) == 2);
        Yes(_bed.Approve(id, Approvals.Drift));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R27_another_machine_at_a_nodes_address_halts_a_paused_job()
    {
        var id = PausedAfterTheFirstNode();
        var stranger = Guid.Parse("11111111-2222-4333-8444-555555555555");
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", $"{stranger}", StringComparison.Ordinal) : body;
        Assert.Contains("Another machine", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Assert.Equal(JobState.Halted, _bed.Job(id).State);
        Assert.Contains($"{stranger}", _bed.Job(id).Halt!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void R27_a_node_that_left_the_ring_is_dropped_or_the_job_does_not_go_on()
    {
        var id = PausedAfterTheFirstNode();
        var (host, address) = ($"{_bed.Sim("d1").Id.HostId}", _bed.Sim("d1").Id.Address);
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal) ? Without(body, host, address) : body;
        var no = No(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        Assert.Contains("d1 left the ring", no, StringComparison.Ordinal);
        Assert.Equal("d1", Assert.Single(_bed.Job(id).Gone));
        Assert.Contains("d1 left the ring", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Assert.Contains(Presses.For(_bed.Job(id), null), c => c.Label == "Drop d1");
        Yes(_bed.Press(c => c.SkipAsync(Jon, id, "d1", default)));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        Assert.Equal("left the ring; dropped by jon", _bed.Job(id).SkippedNodes["d1"]);
        Assert.Single(_bed.Events.OfType<PlanDrifted>());
    }

    [Fact]
    public void R27_a_node_that_is_new_in_the_ring_is_listed_and_never_touched()
    {
        var id = PausedAfterTheFirstNode();
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace("]", ",{\"key\":\"10.0.0.99\",\"value\":\"22222222-2222-4333-8444-555555555555\"}]", StringComparison.Ordinal) : body;
        Assert.Contains("10.0.0.99 (22222222-2222-4333-8444-555555555555) is new in the ring; this job never touches it",
            No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey(Approvals.Drift));
        Yes(_bed.Approve(id, Approvals.Drift));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, _bed.Events.OfType<NodeHeld>().Count());
    }

    public void Dispose() => _bed.Dispose();

    private static string? Name(string id, string address) => null;

    private static PlanMeaning Meant(params (string Id, string Address)[] ring) =>
        new() { Ring = Map(ring), Zones = Map(), Versions = Map(), Replication = Map(), Policy = [] };

    private static ImmutableSortedDictionary<string, string> Map(params (string Key, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    private static string Without(string body, string host, string address) =>
        System.Text.RegularExpressions.Regex.Replace(
            body, $$"""\{[^{}]*({{host}}|"{{System.Text.RegularExpressions.Regex.Escape(address)}}")[^{}]*\},?""", "", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Replace(",]", "]", StringComparison.Ordinal);

    private JobId PausedAfterTheFirstNode()
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Events.OfType<NodeHeld>().Any());
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromSeconds(10));
        return id;
    }

    private void Upgrade(string node) => _bed.Ports.Rewrite = (call, body) =>
        call.Node == node && call.What.Contains("release_version", StringComparison.Ordinal) ? "\"9.9.9-0.20300101.abcdef\"" : body;

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
