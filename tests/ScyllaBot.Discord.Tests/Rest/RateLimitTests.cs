using ScyllaBot.Discord.Rest;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Rest;

public sealed class RateLimitTests
{
    private static readonly OutgoingMessage Hello = new(AllowedMentions.None) { Content = "hello", Nonce = "n" };

    private readonly ManualTime _time = new();

    [Fact]
    public void A_used_up_bucket_waits_for_its_reset_and_others_do_not() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api();
        rest.Answer = _ => Task.FromResult(FakeRest.Of(
            200, "{}", ("X-RateLimit-Bucket", "abc"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset-After", "2.5")));
        await api.CreateMessageAsync("1", Hello, default);
        var second = api.CreateMessageAsync("1", Hello, default);
        await api.CreateMessageAsync("2", Hello, default);
        await loop.SettleAsync();

        Assert.Equal(2, rest.Calls.Count);
        _time.Advance(TimeSpan.FromSeconds(2.5));
        await loop.SettleAsync();
        Assert.Equal(2, rest.Calls.Count);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await second;
        Assert.Equal(3, rest.Calls.Count);
    });

    [Fact]
    public void Routes_that_share_a_hash_share_the_bucket_of_their_channel() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api();
        rest.Script(
            FakeRest.Of(200, "{}", ("X-RateLimit-Bucket", "abc"), ("X-RateLimit-Remaining", "5"), ("X-RateLimit-Reset-After", "2")),
            FakeRest.Of(200, "{}", ("x-ratelimit-bucket", "abc"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset-after", "2")));
        await api.EditMessageAsync("1", "9", Hello, default);
        await api.CreateMessageAsync("1", Hello, default);
        var edit = api.EditMessageAsync("1", "9", Hello, default);
        await loop.SettleAsync();

        Assert.False(edit.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2.1));
        await edit;
    });

    [Theory]
    [InlineData("""{"message":"x","retry_after":1.5,"global":false}""", "9", 1.55)]
    [InlineData("""{"message":"x","retry_after":1.5,"global":true}""", null, 1.55)]
    [InlineData("""{"message":"x"}""", "3.25", 3.3)]
    [InlineData("<html>1015</html>", null, 60.05)]
    [InlineData("<html>1015</html>", "5", 60.05)]
    [InlineData("""{"message":"temporarily blocked","code":0}""", null, 60.05)]
    public void A_429_of_any_form_is_waited_for_and_sent_again(string body, string? header, double seconds) => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api();
        rest.Script(FakeRest.Of(429, body, header is null ? [] : [("Retry-After", header)]));
        var sent = api.CreateMessageAsync("1", new OutgoingMessage(AllowedMentions.None), default);
        await loop.SettleAsync();
        _time.Advance(TimeSpan.FromSeconds(seconds - 0.02));
        await loop.SettleAsync();
        Assert.Single(rest.Calls);
        _time.Advance(TimeSpan.FromSeconds(0.03));
        await sent;
        Assert.Equal(2, rest.Calls.Count);
    });

    [Theory]
    [InlineData("""{"retry_after":2,"global":true}""", "user", true)]
    [InlineData("""{"retry_after":2,"global":false}""", "global", true)]
    [InlineData("""{"retry_after":2,"global":false}""", "shared", false)]
    [InlineData("<html></html>", "", true)]
    public void Only_a_global_429_stops_other_routes(string body, string scope, bool stopsOthers) => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api();
        rest.Script(FakeRest.Of(429, body, ("X-RateLimit-Scope", scope)));
        var first = api.CreateMessageAsync("1", Hello, default);
        await loop.SettleAsync();
        var other = api.CreateMessageAsync("2", Hello, default);
        await loop.SettleAsync();

        Assert.Equal(!stopsOthers, other.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(61));
        await Task.WhenAll(first, other);
    });

    [Fact]
    public void Nobody_waits_longer_than_their_patience() => TestLoop.Run(async _ =>
    {
        var rest = new FakeRest(_time);
        rest.Script(FakeRest.Of(429, """{"retry_after":900}"""));
        var e = await Assert.ThrowsAsync<DiscordException>(() => rest.Api().CreateMessageAsync("1", Hello, default));
        Assert.Equal((DiscordFailure.RateLimited, TimeSpan.FromSeconds(900)), (e.Failure, e.RetryAfter));
    });

    [Fact]
    public void A_server_that_limits_for_zero_seconds_for_ever_is_given_up() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time) { Answer = _ => Task.FromResult(FakeRest.Of(429, """{"retry_after":0}""")) };
        var sent = rest.Api().CreateMessageAsync("1", Hello, default);
        for (var i = 0; i < 20; i++)
        {
            await loop.SettleAsync();
            _time.Advance(TimeSpan.FromMilliseconds(51));
        }

        await Assert.ThrowsAsync<DiscordException>(() => sent);
        Assert.InRange(rest.Calls.Count, 5, 10);
    });

    [Fact]
    public void Edits_of_old_messages_slow_down_instead_of_waiting() => TestLoop.Run(async _ =>
    {
        var rest = new FakeRest(_time);
        rest.Script(FakeRest.Of(429, """{"code":30046,"message":"Maximum number of edits","retry_after":4}"""));
        var e = await Assert.ThrowsAsync<DiscordException>(() => rest.Api().EditMessageAsync("1", "2", Hello, default));
        Assert.Equal((DiscordFailure.SlowDown, TimeSpan.FromSeconds(4)), (e.Failure, e.RetryAfter));
        Assert.Single(rest.Calls);
    });

    [Fact]
    public void Forty_calls_a_second_go_out_and_the_next_waits() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api();
        var all = Task.WhenAll(Enumerable.Range(0, 60).Select(i => api.CreateMessageAsync($"{i}", Hello, default)));
        await loop.SettleAsync();
        Assert.Equal(40, rest.Calls.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        await all;
        Assert.Equal(60, rest.Calls.Count);
    });

    [Fact]
    public void First_answers_wait_behind_nothing() => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api();
        rest.Script(FakeRest.Of(429, """{"retry_after":30,"global":true}"""));
        var stuck = api.CreateMessageAsync("1", Hello, default);
        await loop.SettleAsync();
        await api.CallbackAsync(new InteractionToken("1", "2", "tok"), new JsonObject { ["type"] = 6 }, default);

        var call = rest.Calls[1].Call;
        Assert.Equal(TimeSpan.FromSeconds(2), call.Timeout);
        Assert.DoesNotContain(call.Headers, h => h.Key == "Authorization");
        _time.Advance(TimeSpan.FromSeconds(31));
        await stuck;
    });
}
