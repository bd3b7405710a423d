using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Sandbox.Clusters;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows;

/// <summary>The two workflows that the article prints load exactly as printed (architecture 5).</summary>
public sealed class ArticleTests
{
    [SharedFact]
    public void The_first_listing_loads()
    {
        var loaded = Load(First(), ("compactions_nominal_timeout_seconds", "120"));

        Assert.Equal("Drain and restart each node in the cluster", loaded.Workflow.Name);
        var nodes = Assert.IsType<NodeWorkflow>(Assert.Single(loaded.Workflow.ClusterTasks).Task);
        Assert.Equal(
            [typeof(ScyllaDrain), typeof(SystemdStopScyllaServer), typeof(SystemdStartService), typeof(WaitForConditions)],
            nodes.NodeTasks.Select(s => s.Task.GetType()));
        Assert.Equal(new SystemdStartService { Service = "scylla-server" }, nodes.NodeTasks[2].Task);
        var check = Assert.Single(Assert.IsType<WaitForConditions>(nodes.NodeTasks[3].Task).Conditions);
        Assert.IsType<CompactionsNominal>(check.Condition);
        Assert.Equal((20, 5, 120), (check.SuccessWindow.TotalSeconds, check.PollInterval.TotalSeconds, check.Timeout.TotalSeconds));
        Assert.Equal("120", loaded.Variables["compactions_nominal_timeout_seconds"]);
    }

    [SharedFact]
    public void The_first_listing_has_its_default()
    {
        var loaded = Load(First());
        var wait = (WaitForConditions)((NodeWorkflow)loaded.Workflow.ClusterTasks[0].Task).NodeTasks[3].Task;
        Assert.Equal(TimeSpan.FromSeconds(90), wait.Conditions[0].Timeout);
    }

    [SharedFact]
    public void The_first_listing_runs_on_the_sandbox()
    {
        using var bed = new EngineBed(options: new BedOptions
        {
            Plan = ClusterPlan.MessagesStaging,
            Workflows = [("drain_and_restart.yaml", First())],
        });
        var id = bed.Run(BedPeople.Request(workflow: "drain_and_restart") with { Cluster = "messages-stg" });
        bed.UntilState(id, JobState.Ended);
        bed.Pass(TimeSpan.FromMinutes(1));
        Invariants.Hold(bed, id, limit: 1);
        Assert.Equal(JobOutcome.Succeeded, bed.Job(id).End!.Outcome);
        Assert.Equal(9, bed.Effects.Count(e => e.Kind == "drain"));
    }

    [SharedFact]
    public void The_second_listing_loads_once_it_has_a_head()
    {
        var loaded = Load(Second(), ("known_node", "messages-b-1"));

        var nodes = Assert.IsType<NodeWorkflow>(Assert.Single(loaded.Workflow.ClusterTasks).Task);
        Assert.Equal((ConcurrencyUnit.Zonal, 1, "Join nodes to cluster"), (nodes.ConcurrencyUnit, nodes.ConcurrencyLimit, nodes.Name));
        var say = Assert.IsType<SendWebhookMessage>(nodes.NodeTasks[0].Task);
        Assert.Equal(["infra-doing"], say.Channels);
        Assert.Equal("Node is about to join!", say.Message);
        Assert.IsType<SaltHighstate>(nodes.NodeTasks[1].Task);
        var check = Assert.Single(Assert.IsType<WaitForConditions>(nodes.NodeTasks[2].Task).Conditions);
        Assert.Equal(new IsUpNormal { KnownNode = "messages-b-1" }, check.Condition);
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)), (check.SuccessWindow, check.Timeout));
    }

    /// <summary>The first as printed.</summary>
    internal static string First() => Listing("name: Drain and restart each node", whole: true);

    /// <summary>The second under a head of ours: it is printed without one.</summary>
    internal static string Second() => "name: Add nodes to cluster\nvariables:\n  - name: known_node\n    type: node\ncluster_tasks:\n"
        + Listing("- task: !node-workflow\n    name: Join nodes", whole: false);

    private static LoadedWorkflow Load(string text, params (string Name, string Value)[] given)
    {
        var source = WorkflowSource.Read("listing.yaml", text, TaskCatalog.Core);
        Assert.Empty(source.Errors);
        return Assert.IsType<WorkflowBinding.Bound>(source.Bind(TestClusters.Values(given))).Loaded;
    }

    /// <summary>The listing ends where the article's prose goes on: at the first line that is neither blank nor indented enough.</summary>
    private static string Listing(string start, bool whole)
    {
        var article = SharedFactAttribute.Read("design/article.md");
        var at = article.IndexOf(start, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the article does not print {start}");
        var lines = article[at..].Split('\n');
        var end = Array.FindIndex(lines, 1, line => line.Length > 0 && line[0] != ' ' && !(whole && line.EndsWith(':')));
        return string.Join('\n', lines[..end]);
    }
}
