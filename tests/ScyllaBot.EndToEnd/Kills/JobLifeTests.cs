namespace ScyllaBot.EndToEnd.Kills;

public sealed class JobLifeTests
{
    private static readonly Landing Hit = new(KillMoment.Ping, TimeSpan.FromMilliseconds(50), []);
    private static readonly Landing Late = new(KillMoment.Ping, TimeSpan.FromMilliseconds(51), []);
    private static readonly Landing Down = new(KillMoment.Held, null, ["b-1"]);
    private static readonly Landing Up = new(KillMoment.Held, null, []);
    private static readonly Landing Any = new(KillMoment.Any, null, ["b-1"]);

    [Theory]
    [InlineData(12)]
    [InlineData(60)]
    public void A_third_of_the_kills_is_aimed_at_each_moment_and_half_the_jobs_have_a_fault(int kills)
    {
        Assert.All(JobLife.Shares(kills).Values, share => Assert.Equal(kills / 3, share));
        var lives = JobLife.Plan(kills).ToArray();
        Assert.Equal(lives.Length, 2 * lives.Count(life => life.IsFaulty));
    }

    [Fact]
    public void A_kill_that_missed_its_moment_was_one_at_any_moment() => Assert.Equal(
        [KillMoment.Ping, KillMoment.Any, KillMoment.Held, KillMoment.Any, KillMoment.Any],
        ((Landing[])[Hit, Late, Down, Up, Any]).Select(landing => landing.Moment));

    [Fact]
    public void What_was_missed_is_aimed_at_once_more_until_every_moment_has_its_share()
    {
        Assert.Null(JobLife.Again(6, [Hit, Down, Hit, Down, Any, Any]));

        var pings = JobLife.Again(6, [Hit, Down, Late, Down, Any, Any])!;
        Assert.Equal((true, "Ping"), (pings.IsFaulty, string.Join(' ', pings.Kills)));

        var both = JobLife.Again(6, [Late, Up, Late, Down, Any, Any])!;
        Assert.Equal((true, "Ping Ping Held"), (both.IsFaulty, string.Join(' ', both.Kills)));

        var held = JobLife.Again(6, [Hit, Up, Hit, Up, Any, Any])!;
        Assert.Equal((false, "Held Held"), (held.IsFaulty, string.Join(' ', held.Kills)));
    }
}
