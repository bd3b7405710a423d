using ScyllaBot.Testing;

namespace ScyllaBot.Transports.Tests;

public sealed class PollGateTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task No_more_than_the_budget_are_under_way_and_one_that_leaves_lets_the_next_in()
    {
        using var gate = new PollGate(new PollBudget(InFlight: 2, PerSecond: 100), _time);
        var first = await gate.EnterAsync("a", default);
        await gate.EnterAsync("a", default);
        var third = gate.EnterAsync("b", default);

        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        await third;
        Assert.False(gate.EnterAsync("c", default).IsCompleted);
    }

    [Fact]
    public async Task Nodes_take_turns_however_much_one_of_them_is_asked()
    {
        using var gate = new PollGate(new PollBudget(InFlight: 1, PerSecond: 1000), _time);
        var place = await gate.EnterAsync("a", default);
        var busy = Enumerable.Range(0, 5).Select(_ => gate.EnterAsync("a", default)).ToList();
        var other = gate.EnterAsync("b", default);

        place.Dispose();
        (await busy[0]).Dispose();

        await other;
        Assert.Equal(1, busy.Count(b => b.IsCompleted));
    }

    [Fact]
    public async Task No_more_begin_in_a_second_than_the_budget_says()
    {
        using var gate = new PollGate(new PollBudget(InFlight: 100, PerSecond: 2), _time);
        await gate.EnterAsync("a", default);
        await gate.EnterAsync("a", default);
        var third = gate.EnterAsync("a", default);

        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(510));
        await third;
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_place()
    {
        using var stop = new CancellationTokenSource();
        using var gate = new PollGate(new PollBudget(InFlight: 1, PerSecond: 100), _time);
        var place = await gate.EnterAsync("a", default);
        var waiting = gate.EnterAsync("a", stop.Token);
        var next = gate.EnterAsync("a", default);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        place.Dispose();

        await next;
    }
}
