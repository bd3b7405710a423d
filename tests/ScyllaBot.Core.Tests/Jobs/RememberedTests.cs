using ScyllaBot.Core.Jobs;
using ScyllaBot.Testing;

namespace ScyllaBot.Core.Tests.Jobs;

public sealed class RememberedTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void It_is_found_until_its_life_is_over_and_may_be_taken_away()
    {
        var some = new Remembered<int>(_time, TimeSpan.FromMinutes(15), most: 10);
        some.Keep("a", 1);
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.True(some.TryFind("a", out var found) && found == 1);
        Assert.False(some.TryFind("A", out _));

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(some.TryFind("a", out _));

        some.Keep("b", 2);
        some.Remove("b");
        Assert.False(some.TryFind("b", out _));
    }

    [Fact]
    public void The_oldest_makes_room_for_the_newest()
    {
        var some = new Remembered<int>(_time, TimeSpan.FromMinutes(15), most: 2);
        foreach (var (id, value) in new[] { ("a", 1), ("b", 2), ("c", 3) })
        {
            some.Keep(id, value);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(some.TryFind("a", out _));
        Assert.True(some.TryFind("b", out _));
        Assert.True(some.TryFind("c", out _));
    }
}
