using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobRun
{
    /// <summary>A step that ends the cluster has begun: nobody watches over it any more.</summary>
    public bool IsTearingDown => Bound.Workflow.ClusterTasks
        .Select((step, i) => step.Task is IEndsCluster && Job.Step(new StepKey(JobPaths.Cluster(i), null)) is not null).Any(begun => begun);
}
