using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>What a node workflow and a whole workflow may say beside their steps.</summary>
public sealed class RolloutKeyTests
{
    private const string Step = "- task: !quiesce-topology";

    [Fact]
    public void All_of_it_binds()
    {
        var workflow = Written.Loaded(Written.OnNodes(Step + "\n  skip_when:\n    - condition: !is-up-normal") + """
                  nodes: ring_except_targets
                  batches: [1, 3, 30%]
                  batch_by: across_zones
                  between_batches:
                    - task: !cleanup-cluster
                  before_last_node:
                    - task: !ask-human
                        message: Go on?
                  max_failed_nodes: 2
                  skip_when:
                    - condition: !prometheus-query
                        query: 'up{rack="+node.rack+"}'
                        is: below
                        value: 1
                  allow_parallel_data_movement: true
            guards:
              - condition: !no-firing-alerts
            repairs: wait
            """).Workflow;
        var nodes = (NodeWorkflow)workflow.ClusterTasks[0].Task;
        Assert.Equal(["ring_except_targets"], nodes.Nodes);
        Assert.Equal(["1", "3", "30%"], nodes.Batches!);
        Assert.Equal((BatchBy.AcrossZones, 2, true), (nodes.BatchBy, nodes.MaxFailedNodes, nodes.AllowParallelDataMovement));
        Assert.IsType<CleanupCluster>(nodes.BetweenBatches[0].Task);
        Assert.IsType<AskHuman>(nodes.BeforeLastNode[0].Task);
        Assert.IsType<PrometheusQuery>(nodes.SkipWhen[0].Condition);
        Assert.IsType<IsUpNormal>(nodes.NodeTasks[0].SkipWhen[0].Condition);
        Assert.Equal((RepairPolicy.Wait, typeof(NoFiringAlerts)), (workflow.Repairs, workflow.Guards[0].Condition.GetType()));
    }

    [Theory]
    [InlineData("nodes: ring", "ring")]
    [InlineData("nodes: [scylla-a, scylla-b]", "scylla-a, scylla-b")]
    [InlineData("nodes: +some+", "scylla-b, scylla-a")]
    [InlineData("nodes: +one+", "scylla-a")]
    public void Nodes_are_a_word_a_list_or_a_variable(string key, string nodes)
    {
        var names = TestClusters.Values().Cluster.Nodes.Select(n => n.Name).ToArray();
        string Named(string text) => text.Replace("scylla-a", names[0], StringComparison.Ordinal).Replace("scylla-b", names[1], StringComparison.Ordinal);
        var text = Written.OnNodes(Step, "- name: some\n  type: list\n- name: one\n  type: node") + $"      {Named(key)}\n";
        var loaded = Written.Loaded(text, ("some", $"{names[1]}, {names[0]}"), ("one", names[0]));
        Assert.Equal(Named(nodes), string.Join(", ", ((NodeWorkflow)loaded.Workflow.ClusterTasks[0].Task).Nodes));
    }

    [Theory]
    [InlineData("nodes: [ring, x]", "`nodes: ring` stands alone, not among names")]
    [InlineData("nodes: [x, x]", "`nodes` names x twice")]
    [InlineData("batches: [0]", "`batches` must look like [1-9][0-9]{0,3}|([1-9][0-9]?|100)%, not \"0\"")]
    [InlineData("batches: [101%]", "`batches` must look like [1-9][0-9]{0,3}|([1-9][0-9]?|100)%, not \"101%\"")]
    [InlineData("between_batches:\n        - task: !cleanup-cluster", "`between_batches` without `batches`: there is nothing between")]
    [InlineData("batch_by: across_zones", "`batch_by` without `batches` says nothing")]
    public void What_says_nothing_is_told(string key, string message) =>
        Assert.Equal(message, Written.TheError(Written.OnNodes(Step) + $"      {key}\n").Message);

    [Fact]
    public void A_node_that_the_cluster_does_not_have_is_told_with_the_nearest()
    {
        var name = TestClusters.Values().Cluster.Nodes[0].Name;
        var error = Written.TheError(Written.OnNodes(Step) + $"      nodes: {name}x\n");
        Assert.Equal(name, error.Suggestion);
    }

    [Fact]
    public void A_label_is_known_in_the_steps_of_its_node_alone()
    {
        const string Message = "- task: !log-marker\n    message: on +node.label.disk+";
        Assert.Contains("has no label `disk` in the inventory", Written.TheError(Written.OnNodes(Message)).Message, StringComparison.Ordinal);
        Assert.Contains("is known only inside `node_tasks`", Written.TheError("name: n\ncluster_tasks:\n  - task: !send-webhook-message\n      channels: [a]\n      message: +node.label.disk+\n").Message, StringComparison.Ordinal);
    }
}
