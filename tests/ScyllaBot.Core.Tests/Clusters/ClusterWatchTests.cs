using System.Text;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;

namespace ScyllaBot.Core.Tests.Clusters;

/// <summary>How often a look knocks.</summary>
public sealed class ClusterWatchTests : IHttpExchange
{
    private readonly Clock _time = new();
    private readonly List<(string Path, TimeSpan Timeout)> _asked = [];
    private Func<HttpCall, HttpAnswer> _answer = _ => throw new ExchangeException(ExchangeFailure.NotConnected, "connection refused");

    [Theory]
    [InlineData(ExchangeFailure.NotConnected, 1, 1)]
    [InlineData(ExchangeFailure.TimedOut, 9, 1)]
    [InlineData(ExchangeFailure.NoAnswer, 9, 1)]
    [InlineData(ExchangeFailure.TooLong, 9, 1)]
    public async Task A_dead_node_is_asked_once_a_look_and_one_that_breaks_off_is_asked_for_all_the_first_time(ExchangeFailure failure, int first, int second)
    {
        _answer = _ => throw new ExchangeException(failure, "nobody there");
        var watch = Watch();

        var view = await LookAsync(watch);

        Assert.Equal((first, "storage_service/operation_mode"), (_asked.Count, _asked[0].Path));
        await LookAsync(watch);
        Assert.Equal(first + second, _asked.Count);

        // Heard again, and lost again.
        var dead = _answer;
        _answer = call => call.Uri.AbsolutePath.EndsWith("/operation_mode", StringComparison.Ordinal) ? Answer(200, "\"NORMAL\"") : Answer(404, "{}");
        Assert.Equal("NORMAL", (await LookAsync(watch)).Mode);
        _asked.Clear();
        _answer = dead;
        await LookAsync(watch);
        Assert.Equal(first, _asked.Count);
        Assert.Contains("nobody there", view.Silence);
        Assert.Null(view.Mode ?? (object?)view.Live ?? view.Generation);
    }

    [Fact]
    public async Task A_node_that_is_not_ready_to_say_its_mode_is_asked_for_the_rest()
    {
        _answer = call => call.Uri.AbsolutePath.EndsWith("/live", StringComparison.Ordinal) ? Answer(200, "[\"10.0.0.1\"]") : Answer(404, "{\"message\":\"Not found\",\"code\":404}");

        var view = await LookAsync();

        Assert.Equal(9, _asked.Count);
        Assert.Equal(["10.0.0.1"], view.Live!.Value.AsEnumerable());
        Assert.Contains("operation_mode: 404", view.Silence);
    }

    [Theory]
    [InlineData(1.25, 1.75)]
    [InlineData(2.75, 1)]
    public async Task What_the_first_answer_took_is_not_waited_for_again(double took, double left)
    {
        var first = TimeSpan.FromSeconds(took);
        _answer = call =>
        {
            _time.Now += call.Uri.AbsolutePath.EndsWith("/operation_mode", StringComparison.Ordinal) ? first : TimeSpan.Zero;
            return Answer(404, "{}");
        };

        await LookAsync();

        Assert.Equal(TimeSpan.FromSeconds(3), _asked[0].Timeout);
        Assert.All(_asked.Skip(1), a => Assert.Equal(TimeSpan.FromSeconds(left), a.Timeout));
    }

    public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct)
    {
        _asked.Add((call.Uri.AbsolutePath.TrimStart('/'), call.Timeout));
        return Task.FromResult(_answer(call));
    }

    private ClusterWatch Watch() => new(Sketch.Cluster(("dc1", "b", 1)), this, _time);

    private async Task<NodeView> LookAsync(ClusterWatch? watch = null)
    {
        _time.Now += TimeSpan.FromSeconds(1);
        return Assert.Single((await (watch ?? Watch()).ReadAsync(TimeSpan.Zero, default)).Views);
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => Sketch.Now + Now;
    }

    private static HttpAnswer Answer(int status, string body) => new(status, [], Encoding.UTF8.GetBytes(body));
}
