namespace ScyllaBot.Core.Jobs;

public partial interface IJobControl
{
    /// <summary>R5: asks for the documented way out of a topology operation of an aborting or halted job; it is gone once its own approval is given.</summary>
    Task<Outcome> WayOutAsync(Actor by, JobId job, string node, CancellationToken ct);

    /// <summary>R5: a plan of wiping a machine whose join was banned and joining it anew; nobody is bound by it.</summary>
    Task<PlanOutcome> PlanRejoinAsync(Actor by, JobId job, string node, CancellationToken ct);
}
