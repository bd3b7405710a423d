using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>What has happened to a step stays so.</summary>
public sealed class StepStatusTests : IDisposable
{
    private static readonly StepKey Key = new("1.1", "b1");

    private readonly EngineBed _bed = new();

    [Fact]
    public void R12_a_release_that_fails_does_not_touch_the_step()
    {
        _bed.Ports.Releasing = _ => throw new OperationCanceledException("simulated");
        var id = _bed.Run(Request(target: new Core.Jobs.Target.Named(["b1"])));
        _bed.Until(() => _bed.Job(id).State is JobState.Ended or JobState.Halted);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End?.Outcome);
        Assert.Empty(_bed.Events.OfType<StepFailed>());
        Assert.Empty(_bed.Events.OfType<StepInterrupted>());
    }

    public static TheoryData<string> Ends => ["succeeded", "failed", "interrupted"];

    [Theory]
    [MemberData(nameof(Ends))]
    public void Only_a_started_step_ends(string how)
    {
        var job = Fold(new StepStarted(At(2), Key, 1, null));
        Assert.NotNull(job.Apply(End(how)));
        Assert.Throws<IllegalTransitionException>(() => job.Apply(End("succeeded")).Apply(End(how)));
        Assert.Throws<IllegalTransitionException>(() => job.Apply(End("failed")).Apply(End(how)));
        Assert.Throws<IllegalTransitionException>(() => job.Apply(End("interrupted")).Apply(End(how)));
    }

    [Fact]
    public void Only_a_failed_step_is_given_up_and_then_never_starts_again()
    {
        var started = Fold(new StepStarted(At(2), Key, 1, null));
        var skip = new StepSkipped(At(4), Key, "why");
        Assert.Throws<IllegalTransitionException>(() => started.Apply(End("succeeded")).Apply(skip));
        var skipped = started.Apply(End("failed")).Apply(skip);
        Assert.Equal(StepStatus.Skipped, skipped.Step(Key)!.Status);
        Assert.Throws<IllegalTransitionException>(() => skipped.Apply(new StepStarted(At(5), Key, 1, null)));
    }

    [Fact]
    public void A_halt_of_one_node_keeps_what_was_asked_for_another()
    {
        var job = Fold(
            new Halted(At(2), new StepKey("1.3", "b1"), true, "w", "s"), new RestoreAsked(At(3), Journals.Ana, "b1"), new RestoreAsked(At(3), Journals.Ana, "b2"),
            new Halted(At(4), new StepKey("1.3", "b2"), true, "w", "s"));
        Assert.Equal(["b1"], job.Restoring);
    }

    public void Dispose() => _bed.Dispose();

    private static JobEvent End(string how) => how switch
    {
        "succeeded" => new StepSucceeded(At(3), Key, 1),
        "failed" => new StepFailed(At(3), Key, 1, true, "why", null),
        _ => new StepInterrupted(At(3), Key, 1, "why"),
    };

    private static Job Fold(params JobEvent[] events) => Job.From(new JobId("J"), [Journals.Birth("r"), new Began(At(1)), .. events]);

    private static DateTimeOffset At(int second) => Journals.At(second);
}
