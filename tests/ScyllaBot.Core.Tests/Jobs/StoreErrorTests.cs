using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tests.Jobs.Simulation;
using ScyllaBot.Testing;
using static ScyllaBot.Core.Tests.Jobs.Simulation.BedPeople;

namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>A store that fails once may not cost a job its driver: nodes of it may be down.</summary>
public sealed class StoreErrorTests : IDisposable
{
    private readonly EngineBed _bed = new();

    [Theory]
    [InlineData(AppendFault.NotWritten)]
    [InlineData(AppendFault.NotAcknowledged)]
    public void A_press_while_the_store_fails_is_answered_and_the_job_goes_on(AppendFault fault)
    {
        var id = _bed.Run();
        _bed.Until(() => _bed.Effects.Any(e => e.Kind == "stop"));
        FailOnce<PauseAsked>(fault);
        Assert.Contains("could not be written", No(_bed.Press(c => c.PauseAsync(Mara, id, default))), StringComparison.Ordinal);
        if (fault == AppendFault.NotAcknowledged)
        {
            // The pause was on record after all, so it counts.
            _bed.UntilState(id, JobState.Paused);
            Yes(_bed.Press(c => c.ResumeAsync(Mara, id, default)));
        }

        _bed.UntilState(id, JobState.Ended);
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
        Assert.Equal(4, _bed.Effects.Count(e => e.Kind == "drain"));
        Assert.True(_bed.Verdict().Healthy);
    }

    [Theory]
    [InlineData(AppendFault.NotWritten)]
    [InlineData(AppendFault.NotAcknowledged)]
    public void A_press_on_a_job_that_only_waits_leaves_it_driven(AppendFault fault)
    {
        var id = _bed.Start();
        FailOnce<ApprovalGiven>(fault);
        Assert.Contains("could not be written", No(_bed.Approve(id)), StringComparison.Ordinal);
        if (fault == AppendFault.NotWritten)
        {
            _bed.Pass(TimeSpan.FromMinutes(1));
            Yes(_bed.Approve(id));
        }

        _bed.UntilState(id, JobState.Ended);
        Assert.Equal(JobOutcome.Succeeded, _bed.Job(id).End!.Outcome);
    }

    [Fact]
    public void A_job_whose_end_was_written_though_the_store_failed_is_known_as_ended()
    {
        var id = _bed.Run();
        FailOnce<Ended>(AppendFault.NotAcknowledged);
        _bed.Until(() => _bed.Stored(s => s.LeaseAsync(BedClusters.Name, default)) is { Job: null });
        _bed.Pass(TimeSpan.FromMinutes(1));
        Assert.Null(_bed.Engine.Find(id));
        Assert.Contains("has ended", No(_bed.Press(c => c.PauseAsync(Mara, id, default))), StringComparison.Ordinal);
        Assert.IsType<Ended>(_bed.Told[^1].Events[^1]);
    }

    public void Dispose() => _bed.Dispose();

    private void FailOnce<T>(AppendFault fault)
    {
        var failed = false;
        _bed.Store.Inner.OnAppend = (_, events) => events.Any(e => e is T) && !failed && (failed = true) ? fault : AppendFault.None;
    }
}
