using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>Whom a node workflow goes over when these are not the job's targets.</summary>
public sealed class ChosenNodesTests
{
    [Theory]
    [InlineData("ring", "b1 b2 c1 d1")]
    [InlineData("ring_except_targets", "b2 c1 d1")]
    [InlineData("[d1, b2]", "b2 d1")]
    [InlineData("targets", "b1")]
    public void The_ring_the_others_or_those_that_are_named_in_the_order_of_a_rollout(string nodes, string expected)
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !probe", $"nodes: {nodes}"));
        var ran = Probed(bed);
        var plan = bed.Plan(Own("b1"));
        Assert.Equal(expected, string.Join(' ', plan.Waves.SelectMany(w => w.Nodes)));
        var id = bed.Start(Own("b1"));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(expected, string.Join(' ', ran));
        Assert.Equal(nodes == "targets" ? 0 : 1, bed.Events.OfType<NodesChosen>().Count());
        Assert.Equal(expected, string.Join(' ', bed.Do(() => bed.Control.ShowAsync(id, default))!.Job.AllNodes().Where(n => ran.Contains(n.Name)).Select(n => n.Name)));
    }

    [Fact]
    public void A_resume_takes_the_same_ones_though_the_ring_has_grown_since()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !probe", "nodes: ring") with { WithSpares = false });
        var ran = Probed(bed);
        var id = bed.Start(Own("b1"));
        bed.Until(() => bed.Events.Any(e => e is NodesChosen));
        bed.Kill();

        // The other host's inventory has one node less: asked again, the ring would be refused, for it has a stranger now.
        bed.StartHost(c => c with { Nodes = c.Nodes.RemoveAt(3) });
        bed.Until(() => ran.Contains("c1"));
        Assert.Single(bed.Events.OfType<NodesChosen>());
        Assert.Equal(["b1", "b2", "c1", "d1"], bed.Job(id).Chosen["1"].Select(n => n.Name));
    }

    [Fact]
    public void Whoever_joins_or_leaves_is_waited_for_before_the_ring_is_taken()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !probe", "nodes: ring"));
        var ran = Probed(bed);
        var until = bed.Time.GetUtcNow() + TimeSpan.FromMinutes(3);
        bed.Ports.Rewrite = (call, body) => call.What.EndsWith("/storage_service/nodes/joining", StringComparison.Ordinal) && bed.Time.GetUtcNow() < until ? "[\"10.0.0.9\"]" : body;
        var id = bed.Start(Own("b1"));
        bed.Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(ran);
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(4, ran.Count);
    }

    [Fact]
    public void Each_node_workflow_of_a_job_goes_over_its_own()
    {
        using var bed = new EngineBed(options: BedWorkflows.Own("- task: !probe\n    does: new", after: """
            - task: !node-workflow
                name: The others
                nodes: ring_except_targets
                node_tasks:
                  - task: !probe
                      does: old
            """));
        var ran = new List<string>();
        bed.Ports.ProbeAsync = (does, context, _) =>
        {
            ran.Add($"{does} {((NodeContext)context).Node.Name}");
            return Task.CompletedTask;
        };
        var id = bed.Start(Own("c1"));
        bed.Until(() => ran.Count == 2);
        var live = bed.Do(() => bed.Control.ShowAsync(id, default))!;
        Assert.Equal(["b1", "b2", "d1"], live.Nodes.Select(n => n.Node));
        bed.UntilState(id, JobState.Ended);
        Assert.Equal(["new c1", "old b1", "old b2", "old d1"], ran);
    }

    private static List<string> Probed(EngineBed bed)
    {
        var ran = new List<string>();
        bed.Ports.ProbeAsync = (_, context, _) =>
        {
            ran.Add(((NodeContext)context).Node.Name);
            return Task.CompletedTask;
        };
        return ran;
    }
}
