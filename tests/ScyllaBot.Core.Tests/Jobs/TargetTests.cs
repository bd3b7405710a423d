using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>Which nodes a request means, and what of an earlier job.</summary>
public sealed class TargetTests : IDisposable
{
    private EngineBed _bed = new();

    [Theory]
    [InlineData("scylla-b-*", "scylla-b-12", true)]
    [InlineData("scylla-b-*", "scylla-c-1", false)]
    [InlineData("*-1", "a-b-1", true)]
    [InlineData("a*b*c", "aXbbYc", true)]
    [InlineData("a*b*c", "aXbbY", false)]
    [InlineData("n?", "n1", true)]
    [InlineData("n?", "n12", false)]
    [InlineData("*", "", true)]
    [InlineData("**", "x", true)]
    [InlineData("B1", "b1", false)]
    public void A_pattern_stands_for_letters(string pattern, string name, bool matches) => Assert.Equal(matches, Glob.IsMatch(pattern, name));

    [Fact]
    public void What_people_type_never_hangs_it() =>
        Assert.False(Glob.IsMatch(string.Concat(Enumerable.Repeat("a*", 500)) + "b", new string('a', 2000)));

    [Fact]
    public void Patterns_zones_and_datacenters_name_nodes_and_what_is_excepted_is_left_out()
    {
        Assert.Equal(["b1", "b2"], Of(new Target.Named(["b*"])));
        Assert.Equal(["b1", "c1", "d1"], Of(new Target.Named(["?1"])));
        Assert.Equal(["c1", "d1"], Of(new Target.Union([new Target.InZone("d"), new Target.InZone("us-east1/c")])));
        Assert.Equal(["b1", "b2", "c1", "d1"], Of(new Target.InDatacenter("us-east1")));
        Assert.Equal(["b1"], Of(new Target.All(), "b2", "c", "us-east1/d"));
        Assert.Equal(["c1", "d1"], Of(new Target.All(), "b*"));
    }

    [Fact]
    public void Whatever_matches_nothing_is_refused_with_the_nearest_spelling()
    {
        Assert.Contains("Did you mean us-east1?", Wrong(new Target.InDatacenter("us-eats1")), StringComparison.Ordinal);
        Assert.Contains("is like x*", Wrong(new Target.Named(["x*"])), StringComparison.Ordinal);
        Assert.Contains("can not be excepted", Wrong(new Target.All(), "e"), StringComparison.Ordinal);
        Assert.Contains("Did you mean us-east1/c?", Wrong(new Target.All(), "us-eats1/c"), StringComparison.Ordinal);
        Assert.Contains("nothing is left", Wrong(new Target.InZone("b"), "b1", "b2"), StringComparison.Ordinal);
        Assert.Contains("No zone q", Wrong(new Target.Union([new Target.InZone("b"), new Target.InZone("q")])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_zone_that_two_datacenters_have_is_not_excepted_by_its_bare_name()
    {
        var cluster = _bed.Cluster with { Nodes = [_bed.Cluster.Nodes[0], _bed.Cluster.Nodes[1] with { Zone = new Zone("us-west1", "b") }] };
        var (_, errors) = TargetSelection.Of(cluster, new Target.All(), ["b"]);
        Assert.Contains("us-east1/b or us-west1/b", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal("b2", Assert.Single(TargetSelection.Of(cluster, new Target.InDatacenter("us-west1"), []).Nodes).Name);
    }

    [Fact]
    public void A_job_stops_green_after_so_many_nodes_and_says_what_is_left_which_the_next_one_takes()
    {
        Use(BedWorkflows.Own("- task: !probe"));
        var first = _bed.Start(Own() with { StopAfter = 2 });
        Assert.Equal(["c1", "d1"], _bed.Job(first).Birth.Scope!.Left.ToArray());
        _bed.UntilState(first, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(first).End!.Outcome);
        Assert.Contains("stopped after 2 nodes, as asked; 2 left: c1, d1", _bed.Job(first).End!.Why, StringComparison.Ordinal);
        Assert.Equal(["b1", "b2"], _bed.Events.OfType<StepSucceeded>().Where(s => s.Key.Node is not null).Select(s => s.Key.Node));

        var plan = _bed.Plan(Request("request-2", "own") with { From = new FromJob(first, JobShare.NotDone) });
        Assert.Equal(["c1", "d1"], plan.Targets.Select(t => t.Name));
        var second = _bed.Start(Request("request-2", "own") with { From = new FromJob(first, JobShare.NotDone) });
        _bed.UntilState(second, JobState.Ended);
        var why = Assert.Single(Refused(Request("request-3", "own") with { From = new FromJob(second, JobShare.NotDone) }));
        Assert.Contains("nothing is left", why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_failed_in_an_earlier_job_can_be_taken_alone()
    {
        Use(BedWorkflows.Own("- task: !probe\n  on_failure: skip_node"));
        _bed.Ports.ProbeAsync = (_, context, _) => ((NodeContext)context).Node.Name is "b2" or "d1" ? throw new UnrecoverableException("broken") : Task.CompletedTask;
        var id = _bed.Start(Own());
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["b2", "d1"], _bed.Plan(Request("request-2", "own") with { From = new FromJob(id, JobShare.Failed) }).Targets.Select(t => t.Name));
        Assert.Equal(["d1"], _bed.Plan(Request("request-2", "own") with { From = new FromJob(id, JobShare.Failed), Except = ["b"] }).Targets.Select(t => t.Name));
        Assert.Equal(["b2", "d1"], _bed.Plan(Request("request-2", "own") with { From = new FromJob(id, JobShare.NotDone) }).Targets.Select(t => t.Name));
        var typo = id.Value[..^1] + (id.Value[^1] == 'A' ? 'B' : 'A');
        Assert.Contains($"Did you mean {id}?", Assert.Single(Refused(Own() with { From = new FromJob(new JobId(typo), JobShare.Failed) })), StringComparison.Ordinal);
    }

    [Fact]
    public void Limit_tightens_what_the_workflow_allows_and_never_loosens_it()
    {
        Use(BedWorkflows.Own("- task: !probe", more: "concurrency_limit: 2\nconcurrency_unit: cluster"));
        var (now, most) = (0, 0);
        _bed.Ports.ProbeAsync = async (_, context, ct) =>
        {
            most = Math.Max(most, ++now);
            await Task.Delay(TimeSpan.FromMinutes(1), context.Time, ct);
            now--;
        };
        Assert.Equal(1, Assert.Single(_bed.Plan(Own() with { Limit = 1 }).Waves).Limit);
        Assert.Equal(2, Assert.Single(_bed.Plan(Own() with { Limit = 9 }).Waves).Limit);
        var id = _bed.Start(Own() with { Limit = 1 });
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(1, most);
        _bed.UntilState(_bed.Start(Request("request-2", "own")), JobState.Ended);
        Assert.Equal(2, most);
        Assert.Equal(2, Refused(Own() with { Limit = 0, StopAfter = 0 }).Length);
    }

    [Fact]
    public void The_raft_topology_coordinator_goes_last_of_the_last_zone()
    {
        Use(new BedOptions { Plan = d => BedClusters.Plan(d, ("b", 1), ("c", 1), ("d", 3)) });
        Lead("d1");
        var plan = _bed.Plan();
        Assert.Equal(["d2", "d3", "d1"], plan.Waves[^1].Nodes.ToArray());
        Assert.Contains(plan.Verdict, v => v == "Raft topology coordinator: d1, last of the last zone");
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["b1", "c1", "d2", "d3", "d1"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node));
        Assert.True(_bed.Verdict().Healthy);
    }

    [Fact]
    public void What_is_said_to_come_next_goes_by_the_order_in_which_nodes_are_chosen()
    {
        Use(new BedOptions { Plan = d => BedClusters.Plan(d, ("b", 1), ("c", 1), ("d", 3)) });
        Lead("d1");
        var id = _bed.Run(Request(target: new Target.InZone("d")));
        _bed.Until(() => _bed.Job(id).Held.ContainsKey("d2"));
        var live = _bed.Do(() => _bed.Control.ShowAsync(id, default))!;
        Assert.Equal(["d3", "d1"], live.NextNodes.ToArray());
        Assert.Equal(["d3", "d1"], live.WhyNot.Select(w => w.Node));
        var why = _bed.Do(() => _bed.Control.WhyAsync(id, default))!.Value;
        Assert.Contains("Next is d3; not yet, because 1 of at most 1 node at work.", why);
        Assert.Contains("Not d1 either: 1 of at most 1 node at work.", why);
        var card = Core.Chat.JobCard.Render(live, _bed.Time.GetUtcNow(), sandbox: true);
        Assert.StartsWith("`d3`, `d1`, not yet", card.Parts.Single(p => p.Name == "Next").Text, StringComparison.Ordinal);

        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["d2", "d3", "d1"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node));
    }

    [Fact]
    public void Where_nobody_can_tell_the_coordinator_the_plan_says_so_and_names_decide()
    {
        Use(new BedOptions { Plan = d => BedClusters.Plan(d, ("b", 1), ("c", 1), ("d", 2)) });
        Lead(null);
        Assert.Contains(_bed.Plan().Verdict, v => v.Contains("coordinator: unknown", StringComparison.Ordinal));
        var id = _bed.Run();
        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(["b1", "c1", "d1", "d2"], _bed.Events.OfType<NodeHeld>().Select(h => h.Node));
    }

    public void Dispose() => _bed.Dispose();

    private void Lead(string? node) => _bed.Ports.Rewrite = (call, body) => call.What.Contains("raft/leader_host", StringComparison.Ordinal)
        ? $"\"{(node is null ? Guid.Empty : _bed.Sim(node).Id.HostId)}\"" : body;

    private string[] Of(Target target, params string[] except)
    {
        var (nodes, errors) = TargetSelection.Of(_bed.Cluster, target, [.. except]);
        Assert.Empty(errors);
        return [.. nodes.Select(n => n.Name)];
    }

    private string Wrong(Target target, params string[] except) => Assert.Single(TargetSelection.Of(_bed.Cluster, target, [.. except]).Errors);

    private ImmutableArray<string> Refused(RunRequest request) =>
        Assert.IsType<PlanOutcome.Refused>(_bed.Do(() => _bed.Control.PlanAsync(Mara, request, default))).Why;

    private void Use(BedOptions options)
    {
        _bed.Dispose();
        _bed = new EngineBed(options: options);
    }
}
