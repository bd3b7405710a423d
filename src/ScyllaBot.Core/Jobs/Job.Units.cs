namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Steps in the middle of a unit that the job finishes before it stops or gives the cluster away (R5, R18). A way out is finished anyway.</summary>
    internal IEnumerable<StepKey> OpenUnits => Steps.Keys.Where(k => HasOpenUnit(k) && !IsWayOut(k));

    /// <summary>
    /// A unit of it has begun and has not ended, as far as anybody knows (R18). One that failed for a human waits for that human; abort-now gives up
    /// whatever failed.
    /// </summary>
    public bool HasOpenUnit(StepKey key) => Step(key) is { Unit: not null } step
        && (step.Status is StepStatus.Started or StepStatus.Interrupted || (step is { Status: StepStatus.Failed, RetryAt: not null } && Abort is not { Now: true }));

    private static StepState FoldUnit(StepState step, UnitDone x) => step with { Units = step.Units.SetItem(x.Unit, x.At), Unit = step.Unit == x.Unit ? null : step.Unit };
}
