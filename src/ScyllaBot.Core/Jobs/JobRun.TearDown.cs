using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobRun
{
    /// <summary>Who agreed to a step: asked at its own gate or ahead of it; where it has none, at the start, or anew after a drift. Whoever broke glass counts for nobody.</summary>
    private ImmutableArray<Person> Approvers(StepKey key) => Job.Approvals.GetValueOrDefault(key.ToString())?.Given
        ?? (Job.Ahead.TryGetValue(key.Path, out var ahead) ? ahead : (Job.Approvals.GetValueOrDefault(Approvals.Drift) ?? Job.Approvals.GetValueOrDefault(Approvals.Start))?.Given ?? []);

    /// <summary>A step that ends the cluster has begun: nobody watches over it any more.</summary>
    public bool IsTearingDown => Bound.Workflow.ClusterTasks
        .Select((step, i) => step.Task is IEndsCluster && Job.Step(new StepKey(JobPaths.Cluster(i), null)) is not null).Any(begun => begun);
}
