using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class JobLoop
{
    private static readonly TimeSpan UnitPatience = TimeSpan.FromSeconds(10);

    /// <summary>Not with a task that nobody has agreed to (R30), and not once somebody said stop now.</summary>
    private bool FinishesUnits => run.Upgrade.IsSettled && Job is { IsUnlocked: false, Abort: not { Now: true } };

    /// <summary>
    /// What another process began of a long step comes to its end before the job stops or gives the cluster away (R5, R18), wherever in the workflow that
    /// step is. A held node's own steps are gone anyway.
    /// </summary>
    private async Task FinishUnitsAsync()
    {
        foreach (var key in Job.OpenUnits.Where(k => k.Node is null || !Job.Held.ContainsKey(k.Node)).ToArray())
        {
            try
            {
                await (FinishesUnits && Job.HasOpenUnit(key) ? FinishUnitAsync(key) : Task.CompletedTask);
            }
            catch (Exception seam) when (seam is ParkedException or NodeSkippedException)
            {
                // It has reached its seam, or the journal says why not.
            }
        }
    }

    private Task FinishUnitAsync(StepKey key)
    {
        var at = JobPaths.ClusterStepOf(key);
        var step = run.Bound.Workflow.ClusterTasks[at];
        return step.Task is NodeWorkflow nodes ? new NodeRollout(run, at).FinishUnitAsync(nodes, key) : ClusterStepAsync(step, key, at, rescue: false);
    }

    /// <summary>R5: an aborted job keeps its lease as long as something of it may be under way.</summary>
    /// <returns>True after a while of waiting; false when there is nothing to wait for.</returns>
    private async Task<bool> AwaitUnitsAsync()
    {
        var changed = run.Changed.Next;
        if (Job.IsFinishing || !FinishesUnits || !Job.OpenUnits.Any())
        {
            return false;
        }

        await changed.WaitAsync(UnitPatience, run.HostStopping);
        return true;
    }
}
