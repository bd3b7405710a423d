using System.Globalization;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Names of places in a plan, and what the journal says of them.</summary>
internal static class JobPaths
{
    public static string Cluster(int step) => (step + 1).ToString(CultureInfo.InvariantCulture);

    public static StepKey Node(int clusterStep, int step, string node) => new($"{Cluster(clusterStep)}.{Cluster(step)}", node);

    public static StepKey Restore(int clusterStep, int round, int step, string node) =>
        new($"{Cluster(clusterStep)}.r{round.ToString(CultureInfo.InvariantCulture)}.{Cluster(step)}", node);

    public static bool IsRestore(string path) => path.Contains(".r", StringComparison.Ordinal);

    /// <summary>Between batches or before the last node: <c>1.b2.1</c> after the second batch, <c>1.l.1</c>.</summary>
    public static StepKey Stop(string path, string stop, int step) => new($"{path}.{stop}.{Cluster(step)}", null);

    public static StepKey Always(int step) => new($"a{Cluster(step)}", null);

    public static int ClusterStepOf(StepKey key) => Index(key.Path.Split('.')[0]);

    /// <summary>The last part of its place, from 0.</summary>
    public static int StepOf(StepKey key) => Index(key.Path.Split('.')[^1]);

    private static int Index(string number) => int.Parse(number, CultureInfo.InvariantCulture) - 1;

    /// <summary>The step of a place: a cluster, node, restore or always step; null when the workflow has none there.</summary>
    public static (string Title, TagAttribute Tag, OnFailure OnFailure)? StepAt(Workflow workflow, string path)
    {
        if (RepairRounds.StepAt(path) is { } repairs)
        {
            return (repairs.Title, repairs.Tag, repairs.OnFailure);
        }

        var parts = path.Split('.');
        var always = path.StartsWith('a');
        if (At(always ? workflow.Always : workflow.ClusterTasks, always ? parts[0][1..] : parts[0]) is not { } outer)
        {
            return null;
        }

        return (parts, outer.Task) switch
        {
            ([_], _) => (outer.Title, outer.Tag, outer.OnFailure),
            ([_, var step], NodeWorkflow nodes) => At(nodes.NodeTasks, step) is { } s ? (s.Title, s.Tag, s.OnFailure) : null,
            ([_, RolloutStops.BeforeLast or ['b', ..], _], NodeWorkflow nodes) => StopStepAt(nodes, path) is { } s ? (s.Title, s.Tag, s.OnFailure) : null,
            ([_, _, var step], NodeWorkflow nodes) => At(nodes.Restore ?? LoadedWorkflow.DefaultRestore, step) is { } s ? (s.Title, s.Tag, OnFailure.Halt) : null,
            _ => null,
        };
    }

    /// <summary>The step of a place that <see cref="Stop"/> names.</summary>
    public static Step<ClusterContext>? StopStepAt(NodeWorkflow workflow, string path) =>
        path.Split('.') is [_, var stop, var step] ? At(stop == RolloutStops.BeforeLast ? workflow.BeforeLastNode : workflow.BetweenBatches, step) : null;

    private static Step<T>? At<T>(IReadOnlyList<Step<T>> steps, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= steps.Count ? steps[n - 1] : null;

    public static RollingPlan Plan(Job job, int clusterStep, NodeWorkflow workflow, Judgement judgement) =>
        RollingPlan.Of(ChosenNodes.Of(job, Cluster(clusterStep), workflow), (job.Birth.Scope ?? new JobScope()).Tighten(workflow), judgement.Constraints);

    /// <returns>The node workflow that the job is at, or comes to next, or did last; index -1 and null when it has none.</returns>
    public static (int Index, NodeWorkflow? Workflow) CurrentRollout(JobRun run)
    {
        var all = run.Bound.Workflow.ClusterTasks.Select((s, i) => (Index: i, Workflow: s.Task as NodeWorkflow)).Where(x => x.Workflow is not null).ToArray();
        var open = all.Where(x => !run.Job.HasPassed(new StepKey(Cluster(x.Index), null))).Append(all.LastOrDefault((-1, null))).First();
        return open;
    }

    /// <summary>Nodes that this node workflow has begun with: another workflow of the same job does not count.</summary>
    public static ImmutableSortedSet<string> Touched(Job job, string path) => job.Steps.Keys
        .Where(k => k.Node is not null && k.Path.StartsWith(path + ".", StringComparison.Ordinal))
        .Select(k => k.Node!).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>One of its own steps failed and no further attempt is due: it does not go on by itself (R3).</summary>
    public static bool HasFailed(Job job, string node) =>
        job.Steps.Values.Any(s => s.Key.Node == node && s is { Status: StepStatus.Failed, RetryAt: null });

    /// <returns>The node workflow that may give this node up; null when it has given up as many as it may (<c>max_failed_nodes</c>).</returns>
    public static string? MayGiveUp(Workflow workflow, Job job, StepKey key) => key.Node is not null
        && key.Path.Split('.')[0] is var path && At(workflow.ClusterTasks, path)?.Task is NodeWorkflow nodes
        && job.GivenUp.Count(g => g.Path == path) < nodes.MaxFailedNodes ? path : null;

    public static bool IsDone(JobRun run, int clusterStep, string node) => run.Job.SkippedNodes.ContainsKey(node) || run.Job.MarkedDone.Contains(node)
        || run.Job.PassedOver.ContainsKey(new StepKey(Cluster(clusterStep), node))
        || (run.Bound.Workflow.ClusterTasks[clusterStep].Task is NodeWorkflow workflow
            && Enumerable.Range(0, workflow.NodeTasks.Count).All(i => run.Job.HasPassed(Node(clusterStep, i, node))));
}
