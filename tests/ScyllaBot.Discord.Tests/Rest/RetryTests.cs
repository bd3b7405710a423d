using ScyllaBot.Discord.Rest;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Rest;

public sealed class RetryTests
{
    private static readonly OutgoingMessage Once = new(AllowedMentions.None) { Content = "hello" };

    private static readonly OutgoingMessage Nonced = Once with { Nonce = "n1" };

    private readonly ManualTime _time = new();

    [Fact]
    public void Server_errors_are_tried_three_times_more_when_a_repeat_does_no_harm() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time) { Answer = _ => Task.FromResult(FakeRest.Of(502, "")) };
        var e = await FailAsync(loop, rest.Api().CreateMessageAsync("1", Nonced, default));
        Assert.Equal((DiscordFailure.Unavailable, 4), (e.Failure, rest.Calls.Count));
        Assert.Equal(("n1", true), (rest.Body(0)["nonce"]!.GetValue<string>(), rest.Body(0)["enforce_nonce"]!.GetValue<bool>()));
    });

    [Fact]
    public void A_post_without_a_nonce_is_never_repeated_when_it_may_have_arrived() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time) { Answer = _ => Task.FromResult(FakeRest.Of(502, "")) };
        await FailAsync(loop, rest.Api().CreateMessageAsync("1", Once, default));
        rest.Answer = _ => throw new ExchangeException(ExchangeFailure.TimedOut, "slow");
        await FailAsync(loop, rest.Api().CreateMessageAsync("1", Once, default));
        Assert.Equal(2, rest.Calls.Count);
    });

    [Fact]
    public void What_never_left_is_sent_again_whatever_it_is() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        rest.Answer = _ => rest.Calls.Count < 3 ? throw new ExchangeException(ExchangeFailure.NotConnected, "no")
            : Task.FromResult(FakeRest.Of(200, """{"id":"5"}"""));
        var sent = rest.Api().CreateMessageAsync("1", Once, default);
        await PassAsync(loop);
        Assert.Equal("5", await sent);
    });

    [Fact]
    public void A_dead_token_stops_every_call() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var health = new DiscordHealth(_time);
        var api = rest.Api(health);
        rest.Script(FakeRest.Of(401, """{"message":"401: Unauthorized","code":0}"""));
        await FailAsync(loop, api.CreateMessageAsync("1", Once, default));
        var e = await FailAsync(loop, api.CallbackAsync(new InteractionToken("1", "2", "t"), [], default));

        Assert.Equal(DiscordFailure.Unauthorized, e.Failure);
        Assert.Single(rest.Calls);
        Assert.True(health is { IsTokenDead: true, IsFatal: true });
    });

    [Fact]
    public void An_ended_interaction_token_says_nothing_about_the_bots() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var health = new DiscordHealth(_time);
        rest.Script(FakeRest.Of(401, """{"message":"Invalid Webhook Token","code":50027}"""));
        var e = await FailAsync(loop, rest.Api(health).EditOriginalAsync(new InteractionToken("1", "2", "t"), Once, default));
        Assert.Equal(DiscordFailure.TokenExpired, e.Failure);
        Assert.False(health.IsTokenDead);
    });

    [Theory]
    [InlineData(404, 10008, DiscordFailure.MessageGone)]
    [InlineData(404, 10003, DiscordFailure.ChannelGone)]
    [InlineData(404, 10062, DiscordFailure.InteractionUnknown)]
    [InlineData(400, 40060, DiscordFailure.AlreadyAnswered)]
    [InlineData(400, 50083, DiscordFailure.ThreadArchived)]
    [InlineData(400, 160004, DiscordFailure.ThreadExists)]
    [InlineData(403, 50013, DiscordFailure.Forbidden)]
    [InlineData(400, 50035, DiscordFailure.Rejected)]
    internal void Refusals_have_their_meaning_and_are_not_repeated(int status, int code, DiscordFailure meaning) =>
        TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var body = """{"message":"m","code":CODE,"errors":{"content":{"_errors":[]}}}""";
        rest.Script(FakeRest.Of(status, body.Replace("CODE", $"{code}", StringComparison.Ordinal)));
        var e = await FailAsync(loop, rest.Api().EditMessageAsync("1", "2", Once, default));
        Assert.Equal((meaning, code), (e.Failure, e.Code));
        Assert.Single(rest.Calls);
    });

    [Fact]
    public void The_token_is_in_no_message_of_a_failure() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        rest.Script(FakeRest.Of(404, """{"message":"Unknown Webhook","code":10015}"""));
        var e = await FailAsync(loop, rest.Api().FollowUpAsync(new InteractionToken("1", "2", "aW50ZXJhY3Rpb24"), Once, default));
        Assert.DoesNotContain("aW50ZXJhY3Rpb24", e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret.token", e.ToString(), StringComparison.Ordinal);
    });

    private async Task PassAsync(TestLoop loop)
    {
        for (var i = 0; i < 10; i++)
        {
            await loop.SettleAsync();
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        await loop.SettleAsync();
    }

    private async Task<DiscordException> FailAsync(TestLoop loop, Task task)
    {
        await PassAsync(loop);
        return await Assert.ThrowsAsync<DiscordException>(() => task);
    }
}
