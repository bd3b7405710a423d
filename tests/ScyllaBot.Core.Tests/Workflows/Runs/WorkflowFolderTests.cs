using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

public sealed class WorkflowFolderTests
{
    public static TheoryData<string> Names => [.. WorkflowFolder.Names];

    /// <summary><c>rolling_restart.yaml</c> is run by <c>RollingRestartTests</c>.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_workflow_is_run_by_a_class_of_its_name(string workflow)
    {
        var name = string.Concat(workflow.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Tests";
        var type = typeof(WorkflowContract).Assembly.GetType($"{typeof(WorkflowContract).Namespace}.{name}");
        Assert.True(type is not null, $"{workflow}.yaml needs a class {name} : {nameof(WorkflowContract)} in Workflows/Runs");
        Assert.True(type.IsSubclassOf(typeof(WorkflowContract)));
        Assert.Contains(type.GetMethods(), m => m.GetCustomAttributes(typeof(TheoryAttribute), inherit: false).Length > 0);
    }

    [Fact]
    public void Every_class_runs_a_workflow_that_there_is()
    {
        var classes = typeof(WorkflowContract).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(WorkflowContract))).ToArray();
        Assert.Equal(WorkflowFolder.All.Count, classes.Length);
    }

    [Fact]
    public void All_of_them_load_without_a_mistake() => Assert.Empty(WorkflowLibrary.Of(WorkflowFolder.All, BedTasks.Catalog).Errors);
}
