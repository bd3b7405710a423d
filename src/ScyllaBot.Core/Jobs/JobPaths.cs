using System.Globalization;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>Names of places in a plan, and what the journal says of them.</summary>
internal static class JobPaths
{
    public static string Cluster(int step) => (step + 1).ToString(CultureInfo.InvariantCulture);

    public static StepKey Node(int clusterStep, int step, string node) => new($"{Cluster(clusterStep)}.{Cluster(step)}", node);

    public static StepKey Restore(int clusterStep, int round, int step, string node) =>
        new($"{Cluster(clusterStep)}.r{round.ToString(CultureInfo.InvariantCulture)}.{Cluster(step)}", node);

    public static StepKey Always(int step) => new($"a{Cluster(step)}", null);

    public static int ClusterStepOf(StepKey key) =>
        int.Parse(key.Path.Split('.')[0], CultureInfo.InvariantCulture) - 1;

    public static RollingPlan Plan(Job job, NodeWorkflow workflow, Judgement judgement) =>
        RollingPlan.Of(job.Birth.Targets, workflow.ConcurrencyUnit, workflow.ConcurrencyLimit, workflow.ZoneOrder, judgement.Constraints);

    /// <summary>Nodes that this node workflow has begun with: another workflow of the same job does not count.</summary>
    public static ImmutableSortedSet<string> Touched(Job job, string path) => job.Steps.Keys
        .Where(k => k.Node is not null && k.Path.StartsWith(path + ".", StringComparison.Ordinal))
        .Select(k => k.Node!).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>One of its own steps failed and no further attempt is due: it does not go on by itself (R3).</summary>
    public static bool HasFailed(Job job, string node) =>
        job.Steps.Values.Any(s => s.Key.Node == node && s is { Status: StepStatus.Failed, RetryAt: null });

    public static bool IsDone(JobRun run, int clusterStep, string node) => run.Job.SkippedNodes.ContainsKey(node)
        || (run.Bound.Workflow.ClusterTasks[clusterStep].Task is NodeWorkflow workflow
            && Enumerable.Range(0, workflow.NodeTasks.Count).All(i => run.Job.HasPassed(Node(clusterStep, i, node))));
}
