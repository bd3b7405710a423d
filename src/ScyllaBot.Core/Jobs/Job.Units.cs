namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>A unit of it has begun and has not ended, as far as the journal knows (R18).</summary>
    public bool HasOpenUnit(StepKey key) => Step(key) is { Unit: not null, Status: StepStatus.Started or StepStatus.Interrupted };

    private static StepState FoldUnit(StepState step, UnitDone x) => step with { Units = step.Units.SetItem(x.Unit, x.At), Unit = step.Unit == x.Unit ? null : step.Unit };
}
