using System.Net;
using System.Net.Http.Headers;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Control;

/// <summary>A hundred who watch one job at once: seven people, by their tokens.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Most = 64;
    private static readonly string[] People = ["ada", "ben", "cid", "dan", "eva", "fay", "gil"];
    private readonly InMemoryJobStore _store = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(120));
    private readonly string _tokens = Path.GetTempFileName();
    private ControlRig _rig = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllLinesAsync(_tokens, People.Select(p => $"{p} {Token(p)}"));
        File.SetUnixFileMode(_tokens, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _rig = await ControlRig.StartAsync(_store, null, [("Listen", "127.0.0.1:0"), ("TokenFile", _tokens), .. People.Select(p => ($"Users:{p}:0", "read"))]);
        _rig.Control.Stands = async () => Job.From(NotedControl.KnownJob, (await _store.ReadAsync(StreamId.Of(NotedControl.KnownJob), 0, default)).Select(e => (JobEvent)e.Event));
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        _patience.Dispose();
        File.Delete(_tokens);
    }

    [Fact]
    public async Task Of_a_hundred_watchers_as_many_as_there_may_be_are_told_everything_and_the_others_that_there_is_no_room()
    {
        await TellAsync(0, 5);
        var watchers = Enumerable.Range(0, 100).Select(i => WatchAsync(People[i % People.Length])).ToArray();
        while (Feed.Watchers + watchers.Count(w => w.IsCompleted) < watchers.Length)
        {
            await Task.Yield();
            _patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(Most, Feed.Watchers);
        for (var line = 1; line <= 300; line++)
        {
            Feed.Write(new LogLine(Journals.Start, NotedControl.KnownJob.Value, "1.1", "alpha-a-1", $"line {line}"));
        }

        // Nobody else is kept waiting by them.
        Assert.Equal(200, (await _rig.GetAsync(ControlRoutes.Why.Url([NotedControl.KnownJob.Value]))).Status);
        await TellAsync(5, Journals.Life.Length);

        var told = (await Task.WhenAll(watchers)).ToLookup(w => w.Status, w => w.Events);
        Assert.Equal((Most, watchers.Length - Most), (told[HttpStatusCode.OK].Count(), told[HttpStatusCode.ServiceUnavailable].Count()));
        Assert.All(told[HttpStatusCode.OK], events =>
        {
            Assert.Equal(Enumerable.Range(1, 300), events.Where(e => e.Name == WatchEvents.Log).Select(e => e.Data.GetProperty("number").GetInt32()));
            Assert.Equal(Enumerable.Range(1, Journals.Life.Length), events.Where(e => e.Name == WatchEvents.Journal).Select(e => e.Data.GetProperty("sequence").GetInt32()));
            Assert.Equal(WatchEvents.End, events[^1].Name);
        });
        while (Feed.Watchers > 0)
        {
            await Task.Yield();
            _patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(HttpStatusCode.OK, (await WatchAsync("ada")).Status);
    }

    private WatchFeed Feed => _rig.Service<WatchFeed>();

    private static string Token(string person) => $"{person}-0123456789abcdef0123456789abcdef";

    private async Task<(HttpStatusCode Status, List<SentEvent> Events)> WatchAsync(string person)
    {
        using var http = new HttpClient { BaseAddress = _rig.Endpoint.Tcp };
        using var request = new HttpRequestMessage(HttpMethod.Get, ControlRoutes.Watch.Url([NotedControl.KnownJob.Value]))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token(person)) },
        };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _patience.Token);
        var events = new List<SentEvent>();
        if (answer.IsSuccessStatusCode)
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(_patience.Token);
            await foreach (var e in SentEvents.ReadAsync(stream, _patience.Token))
            {
                events.Add(e);
            }
        }

        return (answer.StatusCode, events);
    }

    /// <summary>The job's life from there to there: committed, then told, as the engine does.</summary>
    private async Task TellAsync(int from, int until)
    {
        for (var i = from; i < until; i++)
        {
            var e = Journals.Life[i];
            var before = i == 0 ? null : await _rig.Control.Stands();
            var after = before?.Apply(e) ?? Job.Begin(NotedControl.KnownJob, e);
            Assert.IsType<AppendOutcome.Appended>(await _store.AppendAsync(StreamId.Of(NotedControl.KnownJob), i, Math.Max(before?.LeaseEpoch ?? 0, after.LeaseEpoch), [e], [], default));
            Feed.Committed(after, [e]);
        }
    }
}
