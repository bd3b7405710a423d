using System.Collections;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Tests.Catalogue;

/// <summary>The catalogue contract's other half (architecture 7): every task binds, and what a job stores of it binds to the same again.</summary>
public sealed class RoundTripTests
{
    public static TheoryData<string> Names => CatalogueTests.Names;

    [Theory, MemberData(nameof(Names))]
    public void What_the_journal_keeps_binds_to_the_same_task_and_again_to_the_same(string name)
    {
        using var run = new CatalogueRun(CatalogueCases.All.Single(c => c.Name == name));
        run.Run();
        var bed = run.Bed;
        var stored = bed.Stored(s => s.ListJobsAsync(new Core.Jobs.JobFilter(OpenOnly: false, Limit: 1), CancellationToken.None)).Single().Id;
        var birth = bed.Job(stored).Birth;
        var values = new WorkflowValues { Cluster = bed.Cluster, JobId = stored.Value, Operator = birth.Operator.Name, Given = birth.Variables };
        var task = TaskOf(run.Text(), values);
        Assert.Equal(name.Split(' ')[0], BedTasks.Catalog.Tasks.Single(d => d.Type == task.GetType()).Tag.Name);
        Assert.Equal(Shown(task), Shown(TaskOf(birth.WorkflowText, values)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Asked_for_by_its_inputs_alone_it_is_the_same_task(string name)
    {
        using var run = new CatalogueRun(CatalogueCases.All.Single(c => c.Name == name));
        var task = TaskOf(run.Text(), TestClusters.Values());
        var definition = BedTasks.Catalog.Tasks.Single(d => d.Type == task.GetType());
        var given = definition.Inputs.Select(i => (Input: i, Value: i.Property.GetValue(task))).Where(i => Shown(i.Value) != Shown(i.Input.Default)).ToArray();
        if (given.Any(i => (i.Input.ItemType ?? i.Input.Type) is { IsGenericType: true } or { IsInterface: true } || Items(i.Value).Any(item => item.Contains(',', StringComparison.Ordinal) && i.Input.ItemType is not null)))
        {
            // Steps, conditions and items with commas are written in a workflow only.
            Assert.Contains(definition.Tag.Name, new[] { "node-workflow", "wait-for-conditions", "wait-for-cluster", "http-request" });
            return;
        }

        var text = TaskWorkflow.Text(definition, given.ToDictionary(i => i.Input.Name, i => string.Join(',', Items(i.Value)), StringComparer.Ordinal), overNodes: false);
        Assert.Equal(Shown(task), Shown(TaskOf(text, TestClusters.Values())));
    }

    [Fact]
    public void A_task_with_another_input_is_not_the_same() =>
        Assert.NotEqual(Shown(new SystemdStopService { Service = "a" }), Shown(new SystemdStopService { Service = "b" }));

    /// <summary>The one that the text is about, which may stand alone or in the steps of nodes.</summary>
    private static object TaskOf(string text, WorkflowValues values)
    {
        var bound = WorkflowSource.Read("own.yaml", text, BedTasks.Catalog).Bind(values);
        Assert.True(bound is WorkflowBinding.Bound, bound is WorkflowBinding.Invalid no ? string.Join('\n', no.Errors) : "");
        var task = ((WorkflowBinding.Bound)bound).Loaded.Workflow.ClusterTasks.Single().Task;
        return task is NodeWorkflow { NodeTasks: [.., var only] } && !text.Contains("concurrency_limit", StringComparison.Ordinal) ? only.Task : task;
    }

    private static IEnumerable<string> Items(object? value) =>
        value is IEnumerable list and not string ? list.Cast<object?>().Select(Input.Spell) : [value is string text ? text : Input.Spell(value)];

    /// <summary>All inputs of a task, a step or a condition, down to their leaves.</summary>
    private static string Shown(object? value) => value switch
    {
        null => "none",
        string text => $"\"{text}\"",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Shown))}]",
        IFormattable plain => Input.Spell(plain),
        bool flag => Input.Spell(flag),
        _ => $"{value.GetType().Name} {{{string.Join(", ", value.GetType().GetProperties().Where(p => p.CanWrite).Select(p => $"{p.Name} = {Shown(p.GetValue(value))}"))}}}",
    };
}
