using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R15, R18, R21, R24, R27: who may start what, on which plan, and who holds the cluster.</summary>
public sealed class JobControlTests : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> NoInputs = ImmutableSortedDictionary<string, string>.Empty;

    private EngineBed _bed = new();

    [Fact]
    public void R15_the_hash_says_what_was_meant()
    {
        var plain = HashOf(Request());
        Assert.Equal(plain, HashOf(Request("request-2")));
        Assert.NotEqual(plain, HashOf(Request(limit: 2)));
        Assert.NotEqual(plain, HashOf(Request(target: new Target.Named(["b1"]))));
        Use(new BedOptions { Workflows = [("restart.yaml", BedWorkflows.Restart + "\n# changed")] });
        Assert.NotEqual(plain, HashOf(Request()));
        Use(new BedOptions { Plan = d => With(BedClusters.Plan(d, ("b", 2), ("c", 1), ("d", 1)), rf: 2) });
        Assert.NotEqual(plain, HashOf(Request()));
        Use(new BedOptions { Plan = d => With(BedClusters.Plan(d, ("b", 2), ("c", 1), ("d", 1)), traces: 3) });
        Assert.NotEqual(plain, HashOf(Request()));
        Use(new BedOptions());
        _bed.Kill();
        _bed.StartHost(c => c with { Exemptions = [.. c.Exemptions, new Exemption("discord", "dare", "ana", null)] });
        Assert.NotEqual(plain, HashOf(Request()));
    }

    [Fact]
    public void R15_the_hash_does_not_depend_on_who_is_alive()
    {
        var before = HashOf(Request());
        _bed.World.Agenda.Run(() => _bed.Sim("c1").Kill(Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(1));
        var plan = _bed.Plan();
        Assert.Equal(before, plan.Hash);
        Assert.Contains("c1", Assert.Single(plan.Concerns), StringComparison.Ordinal);
        Assert.Contains(plan.Verdict, line => line.Contains("not safe now", StringComparison.Ordinal));
    }

    [Fact]
    public void R15_a_plan_that_has_drifted_is_not_started()
    {
        var shown = _bed.Plan();
        Use(new BedOptions { Plan = d => With(BedClusters.Plan(d, ("b", 2), ("c", 1), ("d", 1)), rf: 2) });
        Assert.Contains("no longer what would happen", NotNow(_bed.Press(c => c.StartAsync(Mara, shown, default))), StringComparison.Ordinal);
        Assert.Empty(_bed.History);
    }

    [Fact]
    public void R15_a_plan_changes_nothing()
    {
        _bed.Plan();
        Assert.Empty(_bed.History);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default)));
    }

    [Fact]
    public void R18_a_second_job_is_refused_and_told_who_holds_the_cluster_until_that_one_ends()
    {
        var first = _bed.Run();
        var plan = _bed.Plan(Request("request-2"));
        Assert.Contains($"{first}", No(_bed.Press(c => c.StartAsync(Mara, plan, default))), StringComparison.Ordinal);
        _bed.UntilState(first, JobState.Ended);
        _bed.Pass(TimeSpan.FromMinutes(1));
        var second = Yes(_bed.Press(c => c.StartAsync(Mara, _bed.Plan(Request("request-2")), default)));
        Assert.Equal(2, _bed.Job(second).LeaseEpoch);
    }

    [Fact]
    public void R18_of_two_starts_in_the_same_moment_one_wins()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var bed = new EngineBed(seed);
            var plans = new[] { bed.Plan(Request("one")), bed.Plan(Request("two")) };
            var outcomes = bed.Do(() => Task.WhenAll(plans.Select(p => bed.Control.StartAsync(Mara, p, default))));
            var won = Assert.Single(outcomes.OfType<Outcome.Done>());
            Assert.Contains($"{won.Job}", Assert.Single(outcomes.OfType<Outcome.Refused>()).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_same_request_starts_one_job_however_often_it_comes()
    {
        var plan = _bed.Plan();
        var both = _bed.Do(() => Task.WhenAll(_bed.Control.StartAsync(Mara, plan, default), _bed.Control.StartAsync(Mara, plan, default)));
        var again = Yes(_bed.Press(c => c.StartAsync(Mara, plan, default)));
        Assert.Single(_bed.Events.OfType<Created>());
        Assert.Contains(both, o => o is Outcome.Done d && d.Job == again);
    }

    [Fact]
    public void Two_presses_can_not_both_win()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            using var bed = new EngineBed(seed);
            var id = bed.Start();
            var outcomes = bed.Do(() => Task.WhenAll(
                bed.Control.DecideAsync(Jon, id, Approvals.Start, approve: true, "", default),
                bed.Control.DecideAsync(Of("zoe"), id, Approvals.Start, approve: false, "no", default)));
            Assert.Single(outcomes.OfType<Outcome.Done>());
            Assert.Single(outcomes.OfType<Outcome.Refused>());
        }
    }

    [Theory]
    [InlineData("pause", Rights.Read)]
    [InlineData("acknowledge", Rights.Read)]
    [InlineData("resume", Rights.Operate)]
    [InlineData("retry", Rights.Operate)]
    [InlineData("wait longer", Rights.Operate)]
    [InlineData("restore", Rights.Operate)]
    [InlineData("abort", Rights.Operate)]
    [InlineData("skip", Rights.Approve)]
    [InlineData("take over", Rights.Operate)]
    [InlineData("hand back", Rights.Operate)]
    [InlineData("hand over", Rights.Operate)]
    [InlineData("tune", Rights.Operate)]
    [InlineData("unlock", Rights.Approve)]
    [InlineData("unlock cluster", Rights.Approve)]
    [InlineData("halt all", Rights.Read)]
    [InlineData("lift", Rights.Approve)]
    public void R21_each_verb_needs_its_right(string verb, Rights needed)
    {
        var id = _bed.Run();
        var others = (Rights.Read | Rights.Operate | Rights.Approve) & ~needed;
        Assert.StartsWith("You may not do that", NotYou(_bed.Press(c => Verb(c, verb, Of("x", others), id))), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "You may not", $"{_bed.Press(c => Verb(c, verb, Of("x", needed), id))}", StringComparison.Ordinal);
    }

    /// <summary>A surface says "you may not" by what it is told, not by reading the sentence (scyllactl: exit code 4).</summary>
    [Fact]
    public void R21_every_verb_there_is_tells_who_has_no_right_from_what_can_not_be_now()
    {
        var id = _bed.Run();
        var verbs = typeof(IJobControl).GetMethods().Where(m => m.ReturnType == typeof(Task<Outcome>) || m.ReturnType == typeof(Task<PlanOutcome>)).ToArray();
        Assert.True(verbs.Length > 20, "the verbs are no longer found");
        foreach (var verb in verbs)
        {
            object?[] given = [.. verb.GetParameters().Select(p => Given(p.ParameterType, p.Name!, id))];
            var isForbidden = verb.ReturnType == typeof(Task<Outcome>)
                ? _bed.Do(() => (Task<Outcome>)verb.Invoke(_bed.Control, given)!) is Outcome.Refused { IsForbidden: true }
                : _bed.Do(() => (Task<PlanOutcome>)verb.Invoke(_bed.Control, given)!) is PlanOutcome.Refused { IsForbidden: true };
            Assert.True(isForbidden, verb.Name);
        }
    }

    [Fact]
    public void R21_starting_needs_the_operator_right_and_looking_the_readers()
    {
        var plan = _bed.Plan(by: Reader);
        Assert.StartsWith("You may not start jobs", NotYou(_bed.Press(c => c.StartAsync(Reader, plan, default))), StringComparison.Ordinal);
        Assert.True(Assert.IsType<PlanOutcome.Refused>(_bed.Do(() => _bed.Control.PlanAsync(Nobody, Request(), default))).IsForbidden);
    }

    [Fact]
    public void R21_on_production_another_approver_skips_a_node_of_your_job()
    {
        Use(new BedOptions { Environment = ClusterEnvironment.Production });
        _bed.Ports.Fate = call => call is { Changes: true, Node: "b1" } && call.What.StartsWith("POST", StringComparison.Ordinal) ? Loss.Before : Loss.None;
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        Yes(_bed.Press(c => c.RestoreAsync(Mara, id, null, default)));
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Assert.Contains("another approver", NotYou(_bed.Press(c => c.SkipAsync(Mara, id, "b1", default))), StringComparison.Ordinal);
        Yes(_bed.Press(c => c.SkipAsync(Jon, id, "b1", default)));
    }

    [Fact]
    public void R27_a_changed_host_id_refuses_retry_and_resume()
    {
        _bed.Arm(FaultKind.StartFails, "b1", count: 2);
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Halted);
        var stranger = Guid.Parse("11111111-2222-4333-8444-555555555555");
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", $"{stranger}", StringComparison.Ordinal) : body;
        _bed.Pass(TimeSpan.FromSeconds(10));
        Assert.Contains("(R27)", No(_bed.Press(c => c.RetryAsync(Mara, id, extend: false, default))), StringComparison.Ordinal);

        // R4: bringing a node up asks for nothing.
        Yes(_bed.Press(c => c.RestoreAsync(Mara, id, "b1", default)));
        Assert.Contains($"{stranger}", No(_bed.Press(c => c.RetryAsync(Mara, id, extend: false, default))), StringComparison.Ordinal);
        _bed.Ports.Rewrite = (_, body) => body;
        _bed.Until(() => _bed.Job(id).IsAtSafePoint);
        Yes(_bed.Press(c => c.RetryAsync(Mara, id, extend: false, default)));
        Yes(_bed.Press(c => c.PauseAsync(Mara, id, default)));
        _bed.Pass(TimeSpan.FromSeconds(1));
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", $"{stranger}", StringComparison.Ordinal) : body;
        Assert.Contains("(R27)", No(_bed.Press(c => c.ResumeAsync(Mara, id, default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R15_an_approval_of_a_ring_that_has_changed_since_starts_nothing()
    {
        var id = _bed.Start();
        _bed.Pass(TimeSpan.FromMinutes(10));
        _bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/host_id", StringComparison.Ordinal)
            ? body.Replace($"{_bed.Sim("c1").Id.HostId}", $"{Guid.Empty}", StringComparison.Ordinal) : body;
        Yes(_bed.Approve(id));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Refused, _bed.Job(id).End!.Outcome);
        Assert.Contains("c1", _bed.Events.OfType<PlanDrifted>().Single().What, StringComparison.Ordinal);
        Assert.Empty(_bed.Effects);
        Assert.Null(_bed.Stored(s => s.LeaseAsync(BedClusters.Name, default))!.Job);
    }

    [Fact]
    public void R24_a_bare_zone_that_two_datacenters_have_is_refused_with_both_spellings()
    {
        var cluster = _bed.Cluster with
        {
            Nodes = [_bed.Cluster.Nodes[0], _bed.Cluster.Nodes[1] with { Zone = new Zone("us-west1", "b") }],
        };
        var (nodes, errors) = TargetSelection.Of(cluster, new Target.InZone("b"));
        Assert.Empty(nodes);
        Assert.Contains("us-east1/b or us-west1/b", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal("b2", Assert.Single(TargetSelection.Of(cluster, new Target.InZone("us-west1/b")).Nodes).Name);
    }

    [Fact]
    public void R29_an_observed_cluster_is_planned_for_and_never_touched()
    {
        Use(new BedOptions { Mode = ClusterMode.Observe });
        var plan = _bed.Plan();
        Assert.Contains("observe mode", plan.WhyNoStart, StringComparison.Ordinal);
        Assert.Equal(plan.WhyNoStart, NotNow(_bed.Press(c => c.StartAsync(Mara, plan, default))));
    }

    [Fact]
    public void Readers_hear_of_every_event_once_and_in_order()
    {
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(_bed.Events, _bed.Told.SelectMany(t => t.Events));
        Assert.Equal(_bed.Told.Select(t => t.Job.Sequence), _bed.Told.Select(t => t.Job.Sequence).Order());
    }

    public void Dispose() => _bed.Dispose();

    private static Actor Of(string name, Rights rights = Rights.Read | Rights.Operate | Rights.Approve) =>
        Mara with { Person = new Person(name, name), Rights = rights };

    private object? Given(Type type, string name, JobId job) => type switch
    {
        _ when type == typeof(Actor) => Nobody,
        _ when type == typeof(JobId) => job,
        _ when type == typeof(Plan) => _bed.Plan(Request("request-2")),
        _ when type == typeof(Person) => Mara.Person,
        _ when type == typeof(RunRequest) => Request("request-3"),
        _ when type == typeof(TaskRequest) => new TaskRequest("request-4", "scylla-drain", BedClusters.Name, "b1", NoInputs, "x"),
        _ when type == typeof(string) => name == "key" ? Approvals.Start : "x",
        _ when type == typeof(ImmutableSortedDictionary<string, string>) => NoInputs,
        _ => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null,
    };

    private static Task<Outcome> Verb(IJobControl control, string verb, Actor by, JobId job) => verb switch
    {
        "pause" => control.PauseAsync(by, job, default),
        "acknowledge" => control.AcknowledgeAsync(by, job, default),
        "resume" => control.ResumeAsync(by, job, default),
        "retry" => control.RetryAsync(by, job, extend: false, default),
        "wait longer" => control.RetryAsync(by, job, extend: true, default),
        "restore" => control.RestoreAsync(by, job, null, default),
        "abort" => control.AbortAsync(by, job, now: false, default),
        "skip" => control.SkipAsync(by, job, "b1", default),
        "take over" => control.TakeOverAsync(by, job.Value, "x", default),
        "hand back" => control.HandBackAsync(by, job, NoInputs, null, default),
        "hand over" => control.HandOverAsync(by, job, new Person("zoe", "zoe"), Rights.Operate, default),
        "tune" => control.TuneAsync(by, job, 1, null, default),
        "unlock" => control.UnlockAsync(by, job, "x", default),
        "unlock cluster" => control.UnlockClusterAsync(by, BedClusters.Name, "x", default),
        "halt all" => control.HaltAllAsync(by, "x", default),
        "lift" => control.LiftAsync(by, default),
        _ => throw new ArgumentOutOfRangeException(nameof(verb)),
    };

    private static ClusterPlan With(ClusterPlan plan, int rf = 3, int traces = 2) => plan with
    {
        Keyspaces = [plan.Keyspaces[0] with { Rf = rf }, plan.Keyspaces[1] with { Rf = traces }],
    };

    private string HashOf(RunRequest request) => _bed.Plan(request).Hash;

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
