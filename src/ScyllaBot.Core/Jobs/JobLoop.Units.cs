namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobLoop
{
    /// <summary>What another process began of a long step comes to its end before the job stops or gives the cluster away (R5, R18).</summary>
    private async Task FinishUnitsAsync()
    {
        var steps = run.Bound.Workflow.ClusterTasks;
        for (var i = 0; i < steps.Count && Job.Abort is not { Now: true }; i++)
        {
            var key = new StepKey(JobPaths.Cluster(i), null);
            if (Job.HasOpenUnit(key))
            {
                try
                {
                    await ClusterStepAsync(steps[i], key, i, rescue: false);
                }
                catch (ParkedException)
                {
                    // It has reached its seam.
                }
            }
        }
    }
}
