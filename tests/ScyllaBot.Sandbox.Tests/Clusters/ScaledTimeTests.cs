using ScyllaBot.Sandbox.Clusters;

namespace ScyllaBot.Sandbox.Tests.Clusters;

public sealed class ScaledTimeTests
{
    private static readonly DateTimeOffset _real = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset _virtual = new(2026, 1, 28, 18, 29, 0, TimeSpan.Zero);

    private readonly ManualTime _wall = new(_real);
    private readonly ScaledTime _time;

    public ScaledTimeTests() => _time = new ScaledTime(_real, _virtual, 30, _wall);

    [Fact]
    public void Runs_thirty_times_as_fast_from_its_anchor()
    {
        _wall.Advance(2);

        Assert.Equal(_virtual.AddSeconds(60), _time.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(60), _time.GetElapsedTime(0, _time.GetTimestamp()));
    }

    [Fact]
    public void A_change_of_speed_does_not_step_the_clock()
    {
        _wall.Advance(2);
        _time.SetFactor(10);
        var atChange = _time.GetUtcNow();
        _wall.Advance(3);

        Assert.Equal(_virtual.AddSeconds(60), atChange);
        Assert.Equal(_virtual.AddSeconds(90), _time.GetUtcNow());
    }

    [Fact]
    public void Two_processes_with_the_same_anchor_read_the_same_time()
    {
        _wall.Advance(7);
        _time.SetFactor(2.5);
        _wall.Advance(4);

        var anchor = _time.Anchor;
        var other = new ScaledTime(anchor.Real, anchor.Virtual, anchor.Factor, _wall);
        Assert.Equal(_time.GetUtcNow(), other.GetUtcNow());
    }

    [Fact]
    public void Following_a_new_anchor_moves_utc_now_but_never_the_timestamp_backwards()
    {
        _wall.Advance(10);
        var before = _time.GetTimestamp();
        _time.Follow(new ClockAnchor(_real.AddSeconds(8), _virtual.AddSeconds(240), 1));

        Assert.Equal(_virtual.AddSeconds(242), _time.GetUtcNow());
        Assert.Equal(before, _time.GetTimestamp());
    }

    [Fact]
    public void A_timer_fires_at_its_virtual_due_time()
    {
        var fired = new List<DateTimeOffset>();
        using var timer = _time.CreateTimer(_ => fired.Add(_time.GetUtcNow()), null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        _wall.Advance(1.9);
        Assert.Empty(fired);
        _wall.Advance(10);

        Assert.Equal(_virtual.AddSeconds(60), Assert.Single(fired));
    }

    [Theory]
    [InlineData(60, 0.5)]
    [InlineData(1, 30)]
    [InlineData(0.1, 300)]
    public void A_pending_timer_keeps_its_virtual_due_time_when_the_speed_changes(double factor, double realSecondsLeft)
    {
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        _wall.Advance(1);
        _time.SetFactor(factor);

        _wall.Advance(realSecondsLeft - 0.01);
        Assert.Equal(0, fired);
        _wall.Advance(0.02);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_periodic_timer_keeps_its_pace_across_a_change_of_speed()
    {
        var fired = 0;
        using var timer = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        _wall.Advance(2);
        _time.SetFactor(300);
        _wall.Advance(1);

        Assert.Equal(2 + 10, fired);
    }

    [Fact]
    public void A_disposed_or_stopped_timer_stays_silent_also_after_a_change_of_speed()
    {
        var fired = 0;
        var disposed = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        using var stopped = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _time.SetFactor(1000);
        _wall.Advance(100);

        Assert.Equal(0, fired);
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_wait_longer_than_a_real_timer_can_be_still_ends_on_time()
    {
        var slow = new ScaledTime(_real, _virtual, 0.1, _wall);
        var fired = 0;
        using var timer = slow.CreateTimer(_ => fired++, null, TimeSpan.FromDays(10), Timeout.InfiniteTimeSpan);
        _wall.Advance(TimeSpan.FromDays(99.9).TotalSeconds);
        Assert.Equal(0, fired);
        _wall.Advance(TimeSpan.FromDays(0.2).TotalSeconds);
        Assert.Equal(1, fired);
    }
}
