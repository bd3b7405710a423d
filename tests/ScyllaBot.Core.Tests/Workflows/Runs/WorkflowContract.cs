using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Tests.Workflows.Runs;

/// <summary>
/// What every file of workflows/ is held to: it comes to the end that it is for, in waves that cost no quorum at any instant; with one fault
/// of each kind it ends by itself or by the right button, and rings once if somebody is needed. A class each, named after the file.
/// </summary>
public abstract class WorkflowContract
{
    private static readonly TimeSpan LongEnoughToRing = TimeSpan.FromMinutes(12);

    private protected abstract WorkflowCase Case { get; }

    /// <summary>What was held together, in order; as <see cref="WorkflowRun.Waves"/>.</summary>
    private protected virtual string[] Waves => [];

    /// <summary>Asserts the state that the cluster must be in afterwards, whatever happened on the way.</summary>
    private protected abstract void Achieved(WorkflowRun run);

    [Fact]
    public void It_comes_to_its_end_in_its_waves_and_no_quorum_is_ever_lost()
    {
        using var run = new WorkflowRun(Case).Start().ToEnd();
        run.Judge();
        Assert.Equal(Waves, run.Waves);
        Assert.Empty(run.Pings);
        Assert.Empty(run.Bed.Complaints);
        Achieved(run);
    }

    [Fact]
    public void Its_description_helps_to_choose_it_and_so_do_those_of_its_variables()
    {
        using var run = new WorkflowRun(Case);
        var listed = run.Bed.Control.Choices.Workflows.Single(w => w.Name == Case.Workflow);
        Assert.InRange(listed.Description.Length, 40, 400);
        Assert.All(listed.Variables, v => Assert.InRange(v.Description.Length, 10, 200));
    }

    private protected void Survive(Trouble trouble, Way way)
    {
        using var run = new WorkflowRun(Case).Prepare();
        var maker = new TroubleMaker(run, trouble);
        maker.Arm();
        run.Start();
        maker.Strike();
        switch (way)
        {
            case Way.Alone:
                break;
            case Way.Holds:
                run.Until(() => run.Job.State == JobState.Holding, "the hold");
                run.Bed.Pass(LongEnoughToRing);
                maker.Mend();
                break;
            default:
                Assert.NotEmpty(run.ToHalt());
                run.Bed.Pass(LongEnoughToRing);
                Assert.Single(run.Pings);
                maker.Mend();
                _ = way == Way.BringUp ? run.BringUp(Case.Victim).Retry() : run.Retry();
                break;
        }

        run.ToEnd();
        run.Judge(othersDown: trouble == Trouble.NeighbourDies ? 1 : 0);
        Assert.True(maker.Came(), $"{trouble} never came");
        Assert.Equal(way == Way.Alone ? 0 : 1, run.Pings.Length);
        Achieved(run);
    }
}
