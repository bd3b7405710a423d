using System.Reflection;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>A workflow's steps as a plan lists them.</summary>
internal static class PlanSteps
{
    public static ImmutableArray<PlanStep> Of(Workflow workflow)
    {
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        for (var i = 0; i < workflow.ClusterTasks.Count; i++)
        {
            var step = workflow.ClusterTasks[i];
            if (step.Task is NodeWorkflow nodes)
            {
                var path = JobPaths.Cluster(i);
                steps.AddRange(nodes.NodeTasks.Select((s, j) => Line($"{path}.{JobPaths.Cluster(j)}", s.Title, s.Tag, s.Task, perNode: true)));
                steps.AddRange(Stops(path, RolloutStops.BetweenBatches, nodes.BetweenBatches, "after each batch but the last: "));
                steps.AddRange(Stops(path, RolloutStops.BeforeLast, nodes.BeforeLastNode, "before the last node: "));
            }
            else
            {
                steps.Add(Line(JobPaths.Cluster(i), step.Title, step.Tag, step.Task, perNode: false));
            }
        }

        return steps.ToImmutable();
    }

    /// <summary>Restore and always steps too, as places of a running job: <c>1.r.2</c> for every round of a restore, <c>a1</c>.</summary>
    public static ImmutableArray<PlanStep> WithRescue(Workflow workflow)
    {
        var steps = Of(workflow).ToBuilder();
        for (var i = 0; i < workflow.ClusterTasks.Count; i++)
        {
            var step = workflow.ClusterTasks[i];
            if (step.Task is NodeWorkflow nodes)
            {
                steps.Add(Line(JobPaths.Cluster(i), step.Title, step.Tag, step.Task, perNode: false));
                steps.AddRange((nodes.Restore ?? LoadedWorkflow.DefaultRestore)
                    .Select((s, j) => Line($"{JobPaths.Cluster(i)}.r.{JobPaths.Cluster(j)}", s.Title, s.Tag, s.Task, perNode: true)));
            }
        }

        steps.AddRange(workflow.Always.Select((s, i) => Line(JobPaths.Always(i).Path, s.Title, s.Tag, s.Task, perNode: false)));
        return steps.ToImmutable();
    }

    private static IEnumerable<PlanStep> Stops(string path, string stop, IReadOnlyList<Step<ClusterContext>> steps, string when) => steps.Select((s, i) =>
        Line(JobPaths.Stop(path, stop, i).Path, s.Title, s.Tag, s.Task, perNode: false, when));

    /// <summary>What a step is called; null where the plan or the step is not known.</summary>
    public static string? TitleOf(Plan? plan, StepKey key)
    {
        var path = PathOf(key);
        return plan?.Steps.FirstOrDefault(s => string.Equals(s.Path, path, StringComparison.Ordinal))?.Title;
    }

    /// <summary>Its place in the plan: every round of a restore has the same steps, and so has every stop between batches and every suspension of repairs.</summary>
    public static string PathOf(StepKey key) => key.Path.Split('.') is [var step, var stop, var at] ? $"{step}.{stop[..1]}.{at}"
        : RepairRounds.StepAt(key.Path) is null ? key.Path : $"{key.Path[0]}1";

    private static PlanStep Line(string path, string title, TagAttribute tag, object task, bool perNode, string when = "") =>
        PointOfNoReturnAttribute.Of(task.GetType()) is { } end
            ? new(path, title, when + Detail(tag, task), tag.Direction, tag.Risk, perNode) { Undo = end.Lost, IsPointOfNoReturn = true, NeedsTwo = end.NeedsTwo }
            : new(path, title, when + Detail(tag, task), tag.Direction, tag.Risk, perNode) { Undo = UndoAttribute.Of(task.GetType()) ?? "" };

    private static string Detail(TagAttribute tag, object task)
    {
        if (task is WaitForConditions waits)
        {
            return string.Join(", ", waits.Conditions.Select(c =>
                $"{TagAttribute.Of(c.Condition.GetType()).Name}{(c.SuccessWindow > TimeSpan.Zero ? $" for {Lengths.Of(c.SuccessWindow)}" : "")}, at most {Lengths.Of(c.Timeout)}"));
        }

        var inputs = task.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.PropertyType == typeof(string) && p.GetValue(task) is string { Length: <= 100 } text && !text.Contains('\n', StringComparison.Ordinal))
            .Select(p => $"{Input.NameOf(p.Name, p.PropertyType)}={p.GetValue(task)}");
        return string.Join(' ', inputs.Prepend(tag.Name));
    }
}
