using System.Collections.Immutable;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Sandbox.Clusters;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>R23: nodes that are down by agreement.</summary>
public sealed class KnownDownTests : IDisposable
{
    private readonly EngineBed _bed = new(options: new BedOptions { Plan = d => BedClusters.Plan(d, ("b", 5), ("c", 2), ("d", 2)) });

    [Fact]
    public void R23_a_node_that_is_known_to_be_down_is_excepted_and_counted_as_down_everywhere()
    {
        Kill("b2");
        var plain = _bed.Plan(Zone());
        Assert.Contains("b2", Assert.Single(plain.Concerns), StringComparison.Ordinal);
        var request = Zone() with { KnownDown = [$"{_bed.Sim("b2").Id.HostId}"] };
        var plan = _bed.Plan(request);
        Assert.Empty(plan.Concerns);
        Assert.NotEqual(plain.Hash, plan.Hash);
        Assert.Contains(plan.Verdict, v => v.StartsWith("Known down", StringComparison.Ordinal) && v.Contains("b2", StringComparison.Ordinal));
        var id = _bed.Run(request);
        Assert.Equal("b2", Assert.Single(_bed.Job(id).Birth.Scope!.KnownDown).Name);
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(["b1"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node));
        Assert.Empty(_bed.Events.OfType<JobHeld>());
    }

    [Fact]
    public void R23_a_one_off_task_takes_them_too_but_not_under_another_job()
    {
        Kill("b2");
        var request = new TaskRequest("request-9", "scylla-drain", BedClusters.Name, "b1", ImmutableSortedDictionary<string, string>.Empty, "because") { KnownDown = ["b2"] };
        Plan Planned(TaskRequest r) => Assert.IsType<PlanOutcome.Ready>(_bed.Do(() => _bed.Control.PlanTaskAsync(Mara, r, default))).Plan;
        Assert.Contains("b2", Assert.Single(Planned(request with { KnownDown = [] }).Concerns), StringComparison.Ordinal);
        var plan = Planned(request);
        Assert.Empty(plan.Concerns);
        var id = Yes(_bed.Do(c => c.StartAsync(Mara, plan, default)));
        Yes(_bed.Approve(id));
        _bed.Until(() => _bed.Effects.Any(e => e is { Kind: "drain", Node: "b1" }));

        _bed.UntilState(id, JobState.Ended);
        var holder = _bed.Start(Request("request-11"));
        Kill("d1");
        var under = Planned(request with { RequestId = "request-10", Task = "log-marker", Node = "c1", Inputs = request.Inputs.Add("message", "x"), Under = holder, KnownDown = ["d1"] });
        Assert.Contains("(R23)", No(_bed.Do(c => c.StartAsync(Mara, under, default))), StringComparison.Ordinal);
    }

    [Fact]
    public void R23_what_would_cost_a_quorum_together_with_it_is_not_taken_down()
    {
        Kill("c1");
        Kill("c2");
        var plan = _bed.Plan(Zone() with { KnownDown = ["c1", "c2"] });
        Assert.Contains(plan.Verdict, v => v.Contains("not safe now", StringComparison.Ordinal));
        var id = _bed.Run(Zone() with { KnownDown = ["c1", "c2"] });
        _bed.Pass(TimeSpan.FromMinutes(4));
        Assert.Empty(_bed.Events.OfType<NodeHeld>());
        Assert.Equal(JobState.Running, _bed.Job(id).State);
    }

    [Fact]
    public void R23_when_one_comes_back_the_job_holds_and_goes_on_when_it_is_down_again()
    {
        Kill("b2");
        var request = Request() with { Target = new Target.Named(["b1", "b3", "b4", "b5"]), KnownDown = ["b2"] };
        var id = _bed.Run(request);
        _bed.Until(() => _bed.Events.OfType<NodeReleased>().Any());
        _bed.World.Agenda.Run(() => _bed.Sim("b2").StartProcess());
        _bed.UntilState(id, JobState.Holding);
        Assert.Contains("known to be down (R23)", _bed.Job(id).Hold!.Why, StringComparison.Ordinal);
        _bed.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(JobState.Holding, _bed.Job(id).State);
        Kill("b2");
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void R23_one_that_is_back_before_the_start_is_a_plan_that_has_drifted()
    {
        Kill("b2");
        var id = _bed.Start(Zone() with { KnownDown = ["b2"] });
        _bed.World.Agenda.Run(() => _bed.Sim("b2").StartProcess());
        _bed.Pass(TimeSpan.FromMinutes(5));
        Yes(_bed.Approve(id));
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Refused, _bed.Job(id).End!.Outcome);
        Assert.Contains("b2 is back", _bed.Events.OfType<PlanDrifted>().Single().What, StringComparison.Ordinal);
    }

    [Fact]
    public void R23_a_node_that_is_up_a_target_or_unknown_is_refused()
    {
        Assert.Contains("it is up", Why(Zone() with { KnownDown = ["d1"] }), StringComparison.Ordinal);
        Kill("b1");
        Assert.Contains("is a target too", Why(Zone() with { KnownDown = ["b1"], Target = new Target.InZone("b") }), StringComparison.Ordinal);
        Assert.Contains("Did you mean", Why(Zone() with { KnownDown = ["b12"] }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_says_what_the_job_was_asked_for_besides_its_nodes()
    {
        Kill("b2");
        var id = _bed.Start(Zone() with { KnownDown = ["b2"], Limit = 1 });
        var card = JobCard.Render(_bed.Do(() => _bed.Control.ShowAsync(id, default))!, _bed.Time.GetUtcNow(), sandbox: true);
        var part = Assert.Single(card.Parts, p => p.Name == "Asked for");
        Assert.Contains("known down: `b2`", part.Text, StringComparison.Ordinal);
        Assert.Contains("at most 1 at once", part.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _bed.Dispose();

    private static RunRequest Zone() => Request() with { Target = new Target.Named(["b1"]) };

    private string Why(RunRequest request) =>
        Assert.Single(Assert.IsType<PlanOutcome.Refused>(_bed.Do(() => _bed.Control.PlanAsync(Mara, request, default))).Why);

    private void Kill(string node)
    {
        _bed.World.Agenda.Run(() => _bed.Sim(node).Kill(Cause.Nobody));
        _bed.Pass(TimeSpan.FromMinutes(1));
    }
}
