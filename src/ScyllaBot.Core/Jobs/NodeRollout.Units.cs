using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>One step alone, to its next seam or its end: another process began a unit of it (R18).</summary>
internal sealed partial class NodeRollout
{
    /// <param name="workflow">This one.</param>
    /// <param name="key">A step of a node, or of a stop. No other step begins.</param>
    public Task FinishUnitAsync(NodeWorkflow workflow, StepKey key)
    {
        if (key.Node is not { } name)
        {
            return RunStopStepAsync(JobPaths.StopStepAt(workflow, key.Path) ?? throw new UnrecoverableException($"{key}: the workflow has no such step"), key);
        }

        var node = run.Bound.Cluster.Find(name) ?? throw new UnrecoverableException($"{name} is no longer in the inventory");
        return RunOwnAsync(node, run.Bound.Loaded.NodeTasksFor(_path, node), JobPaths.StepOf(key));
    }

    private Task RunStopStepAsync(Step<ClusterContext> step, StepKey key) =>
        new StepRunner<ClusterContext>(run, step, key, attempt => run.Context(key, attempt, this)).RunAsync();

    private Task RunOwnAsync(Node node, ImmutableArray<Step<NodeContext>> steps, int i)
    {
        var isReleasing = HeldSteps.EndsWith(steps, i);
        var baselines = new BaselineTaker(run, steps[i..]);
        return RunStepAsync(steps[i], JobPaths.Node(clusterStep, i, node.Name), node, baselines.TakeAsync, job =>
            isReleasing && job.Held.ContainsKey(node.Name) ? [new NodeReleased(run.Time.GetUtcNow(), node.Name, ReleaseReason.Done)] : []);
    }
}
