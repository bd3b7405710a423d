using ScyllaBot.Discord.Rest;
using ScyllaBot.Discord.Tests.Support;

namespace ScyllaBot.Discord.Tests.Rest;

/// <summary>Whoever counts hears of limits.</summary>
public sealed class WatchTests : IDiscordWatch
{
    private readonly ManualTime _time = new();
    private readonly List<string> _heard = [];

    [Theory]
    [InlineData("""{"retry_after":1.5,"global":false}""", "limited False, waited 1.55")]
    [InlineData("""{"retry_after":1.5,"global":true}""", "limited True, waited 1.55")]
    public void A_429_and_the_wait_that_follows_are_told(string body, string heard) => TestLoop.Run(async loop =>
    {
        var rest = new FakeRest(_time);
        var api = rest.Api(new DiscordHealth(_time) { Watch = this });
        rest.Script(FakeRest.Of(429, body));
        var sent = api.CreateMessageAsync("1", new OutgoingMessage(AllowedMentions.None), default);
        await loop.SettleAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        await sent;
        Assert.Equal(heard, string.Join(", ", _heard));
    });

    void IDiscordWatch.Acknowledged(TimeSpan after, bool wasTaken) => _heard.Add("acknowledged");

    void IDiscordWatch.Limited(bool wholeClient, bool shared) => _heard.Add($"limited {wholeClient}");

    void IDiscordWatch.Waited(TimeSpan wait) => _heard.Add(FormattableString.Invariant($"waited {wait.TotalSeconds:0.##}"));
}
