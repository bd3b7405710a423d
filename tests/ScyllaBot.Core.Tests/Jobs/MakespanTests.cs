namespace ScyllaBot.Core.Tests.Jobs;

/// <summary>The engine leaves no slot idle: virtual time, so it may be asserted.</summary>
public sealed class MakespanTests
{
    [Fact]
    public void Thirty_nodes_three_at_a_time_take_at_most_a_twentieth_longer_than_their_own_times_allow()
    {
        var result = Makespan.Of(60, 12, 9, 9);
        Assert.InRange(result.Ratio, 1.0, 1.05);
    }

    [Fact]
    public void Zones_that_three_does_not_divide_take_a_round_more_and_nothing_else()
    {
        var result = Makespan.Of(60, 10, 10, 10);
        Assert.InRange(result.Whole / result.Rounded, 0.9, 1.05);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(20)]
    public void No_slot_is_free_while_a_node_of_its_zone_waits(int window)
    {
        var result = Makespan.Of(window, 12, 9, 9);
        Assert.InRange(result.Idle / result.Whole, 0.0, 0.01);
    }
}
