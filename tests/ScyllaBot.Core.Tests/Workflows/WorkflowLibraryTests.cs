using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Workflows;

public sealed class WorkflowLibraryTests
{
    [Fact]
    public void Every_workflow_we_ship_is_without_errors()
    {
        var files = Directory.GetFiles(RepositoryFiles.PathOf("workflows"), "*.yaml").Select(f => (f, File.ReadAllText(f))).ToArray();
        Assert.NotEmpty(files);

        var library = WorkflowLibrary.Of(files, TaskCatalog.Core);

        Assert.Empty(library.Errors);
        Assert.All(library.All, source => Assert.NotEqual("", source.Description));
    }

    [Fact]
    public void The_rolling_restart_is_careful()
    {
        var library = WorkflowLibrary.Of([("workflows/rolling_restart.yaml", RepositoryFiles.Read("workflows/rolling_restart.yaml"))],
            TaskCatalog.Core);
        var binding = library.Get("rolling_restart")!.Bind(TestClusters.Values(("concurrency_limit", "2"), ("up_timeout", "5m")));

        var nodes = (NodeWorkflow)Assert.IsType<WorkflowBinding.Bound>(binding).Loaded.Workflow.ClusterTasks[0].Task;
        Assert.Equal((ConcurrencyUnit.Zone, 2), (nodes.ConcurrencyUnit, nodes.ConcurrencyLimit));
        Assert.Equal((2, TimeSpan.FromSeconds(10)), (nodes.NodeTasks[2].Retries, nodes.NodeTasks[2].RetryDelay));
        var up = Assert.IsType<WaitForConditions>(nodes.NodeTasks[3].Task).Conditions;
        Assert.Equal([typeof(IsUpNormal), typeof(UpForAllPeers)], up.Select(c => c.Condition.GetType()));
        Assert.All(up, c => Assert.Equal(TimeSpan.FromMinutes(5), c.Timeout));
        Assert.IsType<CompactionsNominal>(Assert.IsType<WaitForConditions>(nodes.NodeTasks[4].Task).Conditions[0].Condition);
    }

    [Fact]
    public void A_file_with_errors_is_listed_and_says_so()
    {
        var library = WorkflowLibrary.Of([("b.yaml", "name: b"), ("dir/a.yaml", Written.OnNodes("- task: !scylla-drain"))],
            TaskCatalog.Core);
        Assert.Equal(["a", "b"], library.Names);
        Assert.Equal("b.yaml", Assert.Single(library.Errors).File);
        Assert.IsType<WorkflowBinding.Invalid>(library.Get("b")!.Bind(TestClusters.Values()));
    }

    [Fact]
    public void Two_files_of_one_name_are_an_error() => Assert.Contains(
        WorkflowLibrary.Of([("x/a.yaml", ""), ("y/a.yaml", "")], TaskCatalog.Core).Errors,
        e => e is { File: "y/a.yaml", Message: "another file is also called a" });

    [Fact]
    public void An_unknown_name_is_answered_with_the_nearest()
    {
        var library = WorkflowLibrary.Of([("rolling_restart.yaml", "")], TaskCatalog.Core);
        Assert.Null(library.Get("roling_restart"));
        Assert.Equal("rolling_restart", library.NearestName("roling_restart"));
        Assert.Null(library.NearestName("add_nodes"));
    }

    [Fact]
    public void A_one_off_task_is_a_workflow_of_one_step()
    {
        var text = OneOff("systemd-start-service", ("service", "scylla-server"));
        Assert.Equal(new SystemdStartService { Service = "scylla-server" }, Written.Loaded(text).FirstStep().Task);
    }

    [Fact]
    public void A_one_off_tasks_input_stays_text_whatever_it_holds()
    {
        const string Evil = "\"\n- task: !scylla-drain # '";
        var text = OneOff("send-webhook-message", ("message", Evil), ("channels", "ops, on-call"));
        var say = Assert.IsType<SendWebhookMessage>(Assert.Single(Written.Loaded(text).Workflow.ClusterTasks).Task);
        Assert.Equal((Evil, "ops on-call"), (say.Message, string.Join(' ', say.Channels)));
    }

    [Fact]
    public void A_one_off_task_with_a_misspelt_input_is_told_the_right_one()
    {
        var text = OneOff("systemd-start-service", ("servce", "a"));
        Assert.Contains(Written.Errors(text), e => e.Suggestion == "service");
    }

    private static string OneOff(string tag, params (string Name, string Value)[] inputs) => TaskWorkflow.Text(
        TaskCatalog.Core.Find(tag)!, inputs.ToDictionary(i => i.Name, i => i.Value, StringComparer.Ordinal), overNodes: false);
}
