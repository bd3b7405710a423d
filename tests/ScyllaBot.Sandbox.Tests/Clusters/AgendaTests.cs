using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class AgendaTests
{
    private readonly ManualTime _time = new(TestBed.Epoch);

    [Fact]
    public void Each_entry_runs_at_its_own_due_time_however_late_it_is_looked_at()
    {
        using var agenda = new Agenda(_time);
        var seen = new List<double>();
        void Note() => seen.Add((agenda.Now - TestBed.Epoch).TotalSeconds);
        agenda.Run(() =>
        {
            agenda.After(TimeSpan.FromSeconds(5), Note);
            agenda.After(TimeSpan.FromSeconds(2), () =>
            {
                Note();
                agenda.After(TimeSpan.FromSeconds(1), Note);
            });
        });
        _time.Advance(60);

        Assert.Equal([2, 3, 5], seen);
    }

    [Fact]
    public void What_is_due_runs_before_a_caller_sees_the_state_even_when_the_timer_is_late()
    {
        var lateTimers = new LateTime(_time);
        using var agenda = new Agenda(lateTimers);
        var happened = false;
        agenda.Run(() => agenda.After(TimeSpan.FromSeconds(1), () => happened = true));
        _time.Advance(1);

        Assert.False(happened);
        Assert.True(agenda.Run(() => happened));
    }

    [Fact]
    public void A_cancelled_entry_does_nothing_and_one_acted_early_does_not_run_again()
    {
        using var agenda = new Agenda(_time);
        var runs = new List<string>();
        agenda.Run(() =>
        {
            agenda.After(TimeSpan.FromSeconds(1), () => runs.Add("cancelled")).Cancel();
            agenda.After(TimeSpan.FromSeconds(1), () => runs.Add("early")).Act();
        });
        _time.Advance(2);

        Assert.Equal(["early"], runs);
    }

    /// <summary>Has the time but never wakes anybody.</summary>
    private sealed class LateTime(TimeProvider inner) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new ManualTime(inner.GetUtcNow()).CreateTimer(callback, state, dueTime, period);
    }
}
