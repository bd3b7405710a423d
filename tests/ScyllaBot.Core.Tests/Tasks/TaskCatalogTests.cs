using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Tasks;

/// <summary>What every task and condition must be, without any work by its author.</summary>
public sealed class TaskCatalogTests
{
    public static TheoryData<string> Tags => [.. TaskCatalog.Core.All.Select(d => d.Tag.Name)];

    [Theory]
    [InlineData("node-workflow"), InlineData("scylla-drain"), InlineData("systemd-stop-scylla-server"), InlineData("systemd-start-service")]
    [InlineData("wait-for-conditions"), InlineData("compactions-nominal"), InlineData("send-webhook-message"), InlineData("salt-highstate")]
    [InlineData("is-up-normal"), InlineData("quorum-safe"), InlineData("cluster-normal")]
    public void Lists_what_the_article_uses(string tag) => Assert.NotNull(TaskCatalog.Core.Find(tag));

    [Theory, MemberData(nameof(Tags))]
    public void Every_example_binds_and_leaves_the_rest_at_its_default(string tag)
    {
        var definition = TaskCatalog.Core.Find(tag)!;
        Assert.True(definition.Type.IsDefined(typeof(ExampleAttribute), inherit: false), $"{definition.Type.Name} has no [Example]");
        var source = WorkflowSource.Read("w.yaml", MinimalYaml.For(definition), TaskCatalog.Core);
        Assert.Empty(source.Errors);

        var loaded = Assert.IsType<WorkflowBinding.Bound>(source.Bind(TestClusters.Values())).Loaded;
        var bound = MinimalYaml.Pick(loaded.Workflow, definition);

        Assert.IsType(definition.Type, bound);
        var given = definition.Example.Split('\n').Select(l => l.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        Assert.All(definition.Inputs.Where(i => !given.Contains(i.Name)), i => Assert.Equal(i.Default, i.Property.GetValue(bound)));
    }

    [Theory, MemberData(nameof(Tags))]
    public void Every_tag_says_what_it_is(string tag)
    {
        var definition = TaskCatalog.Core.Find(tag)!;
        Assert.Matches("^[A-Z]", definition.Tag.Title);
        Assert.All(definition.Inputs, i => Assert.Matches("^[A-Z].*[^.]$", i.Description));
        Assert.All(definition.Inputs, i => Assert.Matches("^[a-z][a-z0-9_]*$", i.Name));
    }

    [Fact]
    public void What_takes_a_node_down_checks_the_quorum_and_the_cluster_first() => Assert.All(
        TaskCatalog.Core.Tasks.Where(d => d.Tag.Direction == Direction.TakesDown),
        d => Assert.Equal("Node is quorum safe; Cluster is normal", string.Join("; ", d.Preconditions)));

    [Fact]
    public void What_brings_a_node_up_asks_for_nothing_R4() => Assert.All(
        TaskCatalog.Core.Tasks.Where(d => d.Tag.Direction == Direction.BringsUp), d => Assert.Empty(d.Preconditions));

    [Fact]
    public void The_page_of_all_tasks_is_the_generated_one()
    {
        if (Environment.GetEnvironmentVariable("SCYLLABOT_WRITE_DOCS") == "1")
        {
            File.WriteAllText(RepositoryFiles.PathOf("docs/tasks.md"), TaskCatalog.Core.Markdown());
        }

        // After a change of a task: SCYLLABOT_WRITE_DOCS=1 dotnet test tests/ScyllaBot.Core.Tests --filter TaskCatalogTests
        Assert.Equal(TaskCatalog.Core.Markdown(), RepositoryFiles.Read("docs/tasks.md"));
    }

    [Fact]
    public void All_mistakes_of_authors_are_told_at_once()
    {
        var mistake = Assert.Throws<InvalidOperationException>(() => new TaskCatalog([typeof(Misnamed), typeof(Untold), typeof(NotATask)]));
        Assert.Contains("Misnamed: its tag is other-name, not misnamed", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("Untold.Depth has no [Description]", mistake.Message, StringComparison.Ordinal);
        Assert.Contains("NotATask is tagged as a task and is none", mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RetryDelay", typeof(TimeSpan), "retry_delay_seconds")]
    [InlineData("Timeout", typeof(TimeSpan?), "timeout_seconds")]
    [InlineData("Service", typeof(string), "service")]
    [InlineData("MaxFailedNodes", typeof(int), "max_failed_nodes")]
    public void One_rule_names_every_input(string property, Type type, string name) => Assert.Equal(name, Input.NameOf(property, type));

    [Fact]
    public void An_unknown_tag_is_answered_with_the_nearest_one() =>
        Assert.Equal("scylla-drain", TaskCatalog.Core.NearestTag("scyla-drain"));

    private record Nothing : ICondition<ClusterContext>
    {
        public Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct) => Task.FromResult<string?>(null);
    }

    [Tag("other-name", "Misnamed")]
    private sealed record Misnamed : Nothing;

    [Tag("untold", "Untold")]
    private sealed record Untold : Nothing
    {
        public int Depth { get; init; }
    }

    [Tag("not-a-task", "Not a task", Direction.Neutral, Risk.None, Interruptible.Yes)]
    private sealed record NotATask : Nothing;
}
