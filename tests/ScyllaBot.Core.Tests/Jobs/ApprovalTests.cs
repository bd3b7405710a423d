using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Workflows;
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
        Assert.Contains("somebody else", NotYou(_bed.Approve(id, by: Mara)), StringComparison.Ordinal);
        Assert.Contains("approver right", NotYou(_bed.Approve(id, by: Operator)), StringComparison.Ordinal);
        Assert.Empty(_bed.Effects);
        Yes(_bed.Approve(id));
        Assert.Equal("Already approved by jon.", NotNow(_bed.Approve(id, by: Jon)));
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
        Assert.Contains("another person", NotYou(_bed.Approve(id)), StringComparison.Ordinal);
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
        Assert.Contains("has ended", NotNow(_bed.Approve(id)), StringComparison.Ordinal);
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
    public void R16_an_approval_inside_a_job_that_expires_holds_at_a_safe_point_quietly_and_is_asked_again()
    {
        Use(BedWorkflows.OfCluster("""
            - task: !probe
              approval:
                message: May I?
                approvers: [dba]
                timeout_seconds: 600
            """) with { Approvals = Groups });
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Paused);
        Assert.True(_bed.Job(id).IsAtSafePoint);
        Assert.Single(_bed.Events.OfType<ApprovalExpired>());
        Assert.Empty(_bed.Events.OfType<StepStarted>());
        Assert.Empty(_bed.Events.OfType<Halted>());
        var notice = Notices(id, "lapse").Single();
        Assert.Empty(notice.Mentions.People);
        Assert.Contains(notice.Choices, c => c.Label == "Ask again");
        Assert.Contains("asks again: 1", ((Outcome.Done)_bed.Press(c => c.ResumeAsync(Operator, id, default))).Message, StringComparison.Ordinal);
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Count() == 2);
        Assert.Contains("it is for dba", NotYou(_bed.Approve(id, "1")), StringComparison.Ordinal);
        Yes(_bed.Approve(id, "1", Jon with { Roles = ["r-dba"] }));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R16_an_approver_is_known_by_id_and_never_by_a_name_that_anybody_may_take()
    {
        Use(BedWorkflows.OfCluster("""
            - task: !probe
              approval:
                message: May I?
                approvers: [dba, u-ana]
            """) with { Approvals = Groups });
        var id = _bed.Start(Own());
        _bed.Until(() => _bed.Events.OfType<ApprovalAsked>().Any());
        Assert.Contains("it is for", NotYou(_bed.Approve(id, "1", Jon with { Person = new Person("u-jon", "u-ana"), Roles = ["dba"] })), StringComparison.Ordinal);
        Yes(_bed.Approve(id, "1", Jon with { Person = new Person("u-ana", "whatever") }));
        _bed.UntilState(id, JobState.Ended);
    }

    [Fact]
    public void R16_two_gates_of_nodes_at_work_together_are_open_at_once_over_a_restart_and_decided_one_by_one()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
              approval:
                message: May I?
            """, more: "concurrency_limit: 2"));
        var id = _bed.Start(Own("b1", "b2"));
        _bed.Until(() => _bed.Job(id).Approvals.Count == 2);
        Assert.Equal(2, _bed.Stored(s => s.OutboxAsync(id, default)).Count(r => r.Kind == "approval"));
        _bed.Kill();
        _bed.StartHost();
        _bed.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(2, _bed.Events.OfType<ApprovalAsked>().Count());
        Assert.Equal(["1.1@b1", "1.1@b2"], _bed.Job(id).Approvals.Where(a => a.Value.IsOpen).Select(a => a.Key));
        Yes(_bed.Approve(id, "1.1@b2"));
        _bed.Until(() => _bed.Events.OfType<StepSucceeded>().Any(s => s.Key.Node == "b2"));
        Assert.DoesNotContain(_bed.Events.OfType<StepStarted>(), s => s.Key.Node == "b1");
        Yes(_bed.Approve(id, "1.1@b1"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R16_of_two_open_gates_one_may_lapse_and_both_are_there_after_asking_again()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
              approval:
                message: May I?
                timeout_seconds: 600
            """, more: "concurrency_limit: 2"));
        var id = _bed.Start(Own("b1", "b2"));
        _bed.UntilState(id, JobState.Paused);
        _bed.Pass(TimeSpan.FromMinutes(5));
        Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        _bed.Until(() => _bed.Job(id).Approvals.Values.Count(a => a.IsOpen) == 2);
        Yes(_bed.Approve(id, "1.1@b1"));
        Yes(_bed.Approve(id, "1.1@b2"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Empty(_bed.Events.OfType<Halted>());
    }

    [Fact]
    public void R16_a_gate_that_the_plan_names_may_be_approved_ahead_on_every_node_but_never_by_the_requester()
    {
        Use(BedWorkflows.Own("""
            - task: !probe
              name: Look
              approval:
                message: May I?
            """));
        var plan = _bed.Plan(Own("b1", "c1"));
        Assert.Equal(("1.1", true), (Assert.Single(plan.Gates).Path, plan.Gates[0].PerNode));
        var id = _bed.Start(Own("b1", "c1"));
        _bed.Until(() => _bed.Job(id).Approvals.ContainsKey("1.1@b1"));
        Assert.Contains("somebody else", NotYou(_bed.Approve(id, "1.1", by: Mara)), StringComparison.Ordinal);
        Assert.Contains("no such question", No(_bed.Approve(id, "1.7")), StringComparison.Ordinal);
        Yes(_bed.Approve(id, "1.1"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Single(_bed.Events.OfType<ApprovedAhead>(), a => a.PlanHash == plan.Hash);
        Assert.DoesNotContain(_bed.Events.OfType<ApprovalAsked>(), a => a.Key == "1.1@c1");
    }

    [Fact]
    public void R16_one_authorised_person_breaks_glass_with_a_reason_and_the_owners_are_called()
    {
        Use(new BedOptions { Approvals = Groups with { BreakGlass = ["oncall"], Owners = ["900"] } });
        var id = _bed.Start();
        var oncall = Mara with { Roles = ["r-oncall"] };
        Assert.Contains("only those", NotYou(_bed.Press(c => c.BreakGlassAsync(Jon, id, "start", "fire", default))), StringComparison.Ordinal);
        Assert.Contains("Say why", NotNow(_bed.Press(c => c.BreakGlassAsync(oncall, id, "start", " ", default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.BreakGlassAsync(oncall, id, "start", "the cluster burns", default)));
        _bed.UntilState(id, JobState.Running);
        var notice = Notices(id, "glass").Single();
        Assert.Equal("900", Assert.Single(notice.Mentions.Roles));
        Assert.Contains("the cluster burns", notice.Body, StringComparison.Ordinal);
        _bed.UntilState(id, JobState.Ended);
    }

    [Theory]
    [InlineData("wipe-data", "host_name: c1")]
    [InlineData("decommission", "max_disk_percent: 0")]
    [InlineData("remove-node", "fenced_host_id: 00000000-0000-4000-8000-000000000001")]
    public void R16_glass_is_never_broken_where_something_can_not_be_undone(string task, string input)
    {
        Use(BedWorkflows.Own($"- task: !{task}\n    {input}") with { Approvals = Groups with { BreakGlass = ["oncall"] }, Enables = [task] });
        var plan = _bed.Do(() => _bed.Control.PlanAsync(Mara, Own("c1"), default));
        var id = Yes(_bed.Press(c => c.StartAsync(Mara, Assert.IsType<PlanOutcome.Ready>(plan).Plan, default)));
        Assert.Contains("can not be undone", No(_bed.Press(c => c.BreakGlassAsync(Mara with { Roles = ["r-oncall"] }, id, "start", "fire", default))), StringComparison.Ordinal);
        Assert.Empty(_bed.Events.OfType<GlassBroken>());
    }

    /// <summary>A tear-down can be planned for a shadow cluster only; whoever may break glass may not break it for that.</summary>
    [Fact]
    public void R16_glass_is_never_broken_for_a_tear_down()
    {
        Use(BedWorkflows.Own("- task: !take-down") with { Approvals = Groups with { BreakGlass = ["oncall"] } });
        var id = _bed.Start(Own("c1"));
        var bound = WorkflowSource.Read("own.yaml", "name: Own\ncluster_tasks:\n- task: !destroy-hosts\n    cluster_name: mini\n", BedTasks.Catalog)
            .Bind(new WorkflowValues { Cluster = _bed.Cluster, JobId = "x", Operator = "mara", Given = ImmutableSortedDictionary<string, string>.Empty });
        var steps = PlanSteps.Of(Assert.IsType<WorkflowBinding.Bound>(bound).Loaded.Workflow);
        var (policy, plan) = (Groups with { BreakGlass = ["oncall"] }, _bed.Plan(Own("c1")));
        Assert.True(ApprovalRules.MayBreakGlass(plan, policy));
        Assert.False(ApprovalRules.MayBreakGlass(plan with { Steps = steps }, policy));
        Assert.Contains("Destroy the cluster's hosts can not be undone", new ApprovalRules(policy, plan with { Steps = steps })
            .BreakGlass(Mara with { Roles = ["r-oncall"] }, _bed.Job(id), "start", "fire", _bed.Time.GetUtcNow()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void R16_a_workflows_rule_goes_before_the_clusters_and_that_before_the_environments()
    {
        var policy = Groups with
        {
            Approvers = ImmutableSortedDictionary<ClusterEnvironment, ImmutableArray<string>>.Empty.Add(ClusterEnvironment.Sandbox, ["everybody"]),
            Workflows = Groups.Workflows.Add("special", new ApprovalRule { Count = 3, Approvers = ["dba"] }),
        };
        var cluster = _bed.Cluster;
        var steps = _bed.Plan().Steps;
        Assert.Equal((1, "everybody"), Need(policy.For(cluster, "restart", steps)));
        var own = cluster with { Approvals = new ApprovalRule { Count = 2, Approvers = ["owners"] } };
        Assert.Equal((2, "owners"), Need(policy.For(own, "restart", steps)));
        Assert.Equal((3, "dba"), Need(policy.For(own, "special", steps)));
        Assert.Equal(0, policy.For(own, "restart", []).Count);
        static (int, string) Need(ApprovalNeed need) => (need.Count, string.Join(',', need.Approvers));
    }

    [Fact]
    public void R17_on_production_two_people_type_the_clusters_name_before_a_node_leaves()
    {
        Use(BedWorkflows.Own("- task: !decommission\n    max_disk_percent: 0\n    cleanup_done: true") with
        {
            Environment = ClusterEnvironment.Production, Enables = ["decommission"], Plan = d => BedClusters.Plan(d, ("b", 2), ("c", 2), ("d", 2)),
        });
        var plan = _bed.Plan(Own("c2"));
        Assert.Equal((2, BedClusters.Name), (plan.Start.Count, plan.Start.Confirm));
        Assert.Contains(plan.Approvals, a => a.Contains("each types mini", StringComparison.Ordinal));
        var id = _bed.Start(Own("c2"));
        var zoe = Jon with { Person = new Person("zoe", "zoe") };
        Assert.Contains("Type mini", No(_bed.Approve(id)), StringComparison.Ordinal);
        Assert.Contains("Type mini", No(Typed(Jon, id, "Mini")), StringComparison.Ordinal);
        Yes(Typed(Jon, id, "mini"));
        Assert.Equal(JobState.Waiting, _bed.Job(id).State);
        Assert.Contains("another person", NotYou(Typed(Jon, id, "mini")), StringComparison.Ordinal);
        Yes(Typed(zoe, id, "mini"));
        _bed.Until(() => _bed.Job(id).HasBegun);
    }

    [Fact]
    public void R17_a_verdict_that_is_no_longer_passed_when_the_second_one_approves_begins_nothing()
    {
        Use(BedWorkflows.Own("- task: !decommission\n    max_disk_percent: 0\n    cleanup_done: true\n  timeout_seconds: 86400") with
        {
            Environment = ClusterEnvironment.Production, Enables = ["decommission"], Plan = d => BedClusters.Plan(d, ("b", 2), ("c", 2), ("d", 2)),
        });
        var id = _bed.Start(Own("c2"));
        Yes(Typed(Jon, id, "mini"));
        _bed.World.Agenda.Run(() => _bed.Sim("d1").Kill(Sandbox.Clusters.Cause.Nobody));
        _bed.World.Agenda.Run(() => _bed.Sim("d2").Kill(Sandbox.Clusters.Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(1));
        Yes(Typed(Jon with { Person = new Person("zoe", "zoe") }, id, "mini"));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Refused, _bed.Job(id).End!.Outcome);
        Assert.Contains("no longer passed (R17)", _bed.Job(id).End!.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(_bed.Effects, e => e.Step is { Length: > 0 });
    }

    [Fact]
    public void R17_on_production_nothing_leaves_without_a_passed_availability_verdict()
    {
        Use(BedWorkflows.Own("- task: !decommission\n    max_disk_percent: 0") with { Environment = ClusterEnvironment.Production, Enables = ["decommission"] });
        _bed.World.Agenda.Run(() => _bed.Sim("d1").Kill(Sandbox.Clusters.Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(1));
        var refused = Assert.IsType<PlanOutcome.Refused>(_bed.Do(() => _bed.Control.PlanAsync(Mara, Own("c1"), default)));
        Assert.Contains("passed availability verdict (R17)", Assert.Single(refused.Why), StringComparison.Ordinal);
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

    private static ApprovalPolicy Groups { get; } = new()
    {
        Groups = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty.WithComparers(StringComparer.Ordinal).Add("dba", ["r-dba"]).Add("oncall", ["r-oncall"]),
    };

    private Outcome Typed(Actor by, JobId id, string word) => _bed.Do(c => c.DecideAsync(by, id, "start", approve: true, word, default));

    private IEnumerable<Notice> Notices(JobId id, string kind) =>
        _bed.Stored(s => s.OutboxAsync(id, default)).Where(r => r.Kind == kind).Select(r => NoticeJson.Read(r.Payload));

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
