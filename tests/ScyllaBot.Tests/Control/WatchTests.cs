using System.Runtime.CompilerServices;
using ScyllaBot.Control;
using ScyllaBot.Core.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Testing;

namespace ScyllaBot.Tests.Control;

/// <summary>Server-sent events over a real socket; what is watched is a job's life, told one event after another.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private static readonly string Url = ControlRoutes.Watch.Url([NotedControl.KnownJob.Value]);

    private readonly InMemoryJobStore _store = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private ControlRig _rig = null!;
    private int _told;
    private int _lines;

    public async Task InitializeAsync()
    {
        _rig = await ControlRig.StartAsync(_store, null);
        _rig.Control.Stands = StandsAsync;
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task A_watch_tells_how_the_job_stands_then_everything_from_the_beginning_and_ends_with_it()
    {
        await TellAsync(10);
        Say(2);
        var events = new List<SentEvent>();
        await foreach (var e in WatchAsync())
        {
            events.Add(e);
            if (events.Count == 13)
            {
                Say(1);
                await TellAsync(Journals.Life.Length);
            }
        }

        Assert.Equal((WatchEvents.Job, "0-0"), (events[0].Name, events[0].Id));
        Assert.Equal("running", events[0].Data.GetProperty("state").GetString());
        Assert.Equal((WatchEvents.End, "job_ended"), (events[^1].Name, events[^1].Data.GetProperty("why").GetString()));
        Assert.Equal("ended", events.Last(e => e.Name == WatchEvents.Job).Data.GetProperty("state").GetString());
        Assert.Equal(Enumerable.Range(1, Journals.Life.Length), Sequences(events));
        Assert.Equal([1, 2, 3], Lines(events));
        Assert.Equal(["created", "approval_asked"], events.Where(e => e.Name == WatchEvents.Journal).Take(2).Select(e => e.Data.GetProperty("kind").GetString()!));
    }

    [Fact]
    public async Task Last_Event_ID_goes_on_after_it_with_nothing_lost_and_nothing_twice_also_by_the_next_host()
    {
        await TellAsync(12);
        Say(5);
        var before = await TakeAsync(9);
        await TellAsync(Journals.Life.Length);
        Say(2);

        // The next host has the same folder and the same store, and nothing else of this one.
        await using var next = await ControlRig.StartAsync(_store, null);
        Directory.CreateDirectory(Path.Combine(next.Folder, "joblogs"));
        foreach (var log in Directory.GetFiles(Path.Combine(_rig.Folder, "joblogs")))
        {
            File.Copy(log, Path.Combine(next.Folder, "joblogs", Path.GetFileName(log)));
        }

        next.Control.Stands = StandsAsync;
        var after = await AllAsync(WatchAsync(next, lastEventId: before[^1].Id));
        Assert.Equal(Enumerable.Range(1, Journals.Life.Length), Sequences([.. before, .. after]));
        Assert.Equal(Enumerable.Range(1, 7), Lines([.. before, .. after]));
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("0-1", 2)]
    [InlineData("7-500", 501)]
    public async Task However_far_behind_a_watcher_is_they_are_told_every_line_in_order(string? lastEventId, int first)
    {
        await TellAsync(Journals.Life.Length - 1);
        Say(6000);
        await TellAsync(Journals.Life.Length);
        Assert.Equal(Enumerable.Range(first, 6001 - first), Lines(await AllAsync(WatchAsync(lastEventId: lastEventId))));
    }

    [Fact]
    public async Task Where_lines_are_gone_one_line_says_how_many_and_is_not_said_again()
    {
        await TellAsync(Journals.Life.Length - 1);
        var small = new JobLogBook(Path.Combine(_rig.Folder, "joblogs"), mostBytes: 2000);
        for (_lines = 0; _lines < 100;)
        {
            small.Write(new LogLine(Journals.Start, NotedControl.KnownJob.Value, "1.1", "alpha-a-1", $"line {++_lines}"));
        }

        await TellAsync(Journals.Life.Length);
        var events = (await AllAsync(WatchAsync(lastEventId: "0-10"))).Where(e => e.Name == WatchEvents.Log).ToArray();
        var gone = events[0].Data.GetProperty("number").GetInt32();
        Assert.InRange(gone, 40, 95);
        Assert.Equal($"{gone - 10} lines of this log are left out here (11 to {gone}): they are no longer kept", events[0].Data.GetProperty("text").GetString());
        Assert.EndsWith($"-{gone}", events[0].Id, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(gone, 101 - gone), Lines(events));
        Assert.Equal($"line {gone + 1}", events[1].Data.GetProperty("text").GetString());

        var again = (await AllAsync(WatchAsync(lastEventId: events[0].Id))).Where(e => e.Name == WatchEvents.Log).ToArray();
        Assert.Equal(events[1..].Select(e => e.Data.GetProperty("text").GetString()), again.Select(e => e.Data.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Two_watchers_are_told_the_same_and_a_third_who_only_wants_the_end_gets_that()
    {
        await TellAsync(6);
        Say(20);
        var both = new[] { AllAsync(WatchAsync()), AllAsync(WatchAsync()) };
        var late = AllAsync(WatchAsync(query: "?tail=3"));
        await EventuallyAsync(() => Feed.Watchers == 3);
        await TellAsync(Journals.Life.Length);
        Say(1);
        var (first, second, third) = (await both[0], await both[1], await late);
        Assert.Equal(Enumerable.Range(1, Journals.Life.Length), Sequences(first));
        Assert.Equal(Sequences(first), Sequences(second));
        Assert.Equal(Enumerable.Range(7, Journals.Life.Length - 6), Sequences(third));
        Assert.Equal([18, 19, 20], Lines(third).Take(3));
        Assert.Equal(0, Feed.Watchers);
    }

    [Fact]
    public async Task When_the_bot_stops_each_watcher_is_told_so()
    {
        await TellAsync(3);
        var watch = AllAsync(WatchAsync());
        await EventuallyAsync(() => Feed.Watchers == 1);
        await _rig.Endpoint.StopAsync(default);
        Assert.Equal("bot_stops", (await watch)[^1].Data.GetProperty("why").GetString());
    }

    [Fact]
    public async Task There_is_a_bound_on_watchers_and_who_leaves_makes_room()
    {
        await TellAsync(3);
        using var leave = new CancellationTokenSource();
        var watchers = Enumerable.Range(0, 16).Select(_ => TakeAsync(100, leave.Token)).ToArray();
        await EventuallyAsync(() => Feed.Watchers == 16);
        var (status, json) = await _rig.GetAsync(Url);
        Assert.Equal(503, status);
        Assert.Contains("as many watchers as there may be", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await leave.CancelAsync();
        foreach (var watcher in watchers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watcher);
        }

        await EventuallyAsync(() => Feed.Watchers == 0);
        Assert.Equal(WatchEvents.Job, Assert.Single(await TakeAsync(1)).Name);
    }

    [Fact]
    public async Task A_place_that_was_never_given_out_is_refused()
    {
        await TellAsync(1);
        foreach (var id in new[] { "x", "1", "-1-2", "1-2-3" })
        {
            var (status, _) = await _rig.SendAsync(new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { { "Last-Event-ID", id } } });
            Assert.Equal(400, status);
        }
    }

    private WatchFeed Feed => _rig.Service<WatchFeed>();

    private IAsyncEnumerable<SentEvent> WatchAsync(string? lastEventId = null, string query = "") => WatchAsync(_rig, lastEventId, query);

    private async IAsyncEnumerable<SentEvent> WatchAsync(ControlRig rig, string? lastEventId = null, string query = "", [EnumeratorCancellation] CancellationToken left = default)
    {
        using var ct = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, left);
        using var request = new HttpRequestMessage(HttpMethod.Get, Url + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var answer = await rig.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        await using var stream = await answer.Content.ReadAsStreamAsync(ct.Token);
        await foreach (var e in SentEvents.ReadAsync(stream, ct.Token))
        {
            yield return e;
        }
    }

    private static async Task<List<SentEvent>> AllAsync(IAsyncEnumerable<SentEvent> watch)
    {
        var all = new List<SentEvent>();
        await foreach (var e in watch)
        {
            all.Add(e);
        }

        return all;
    }

    private async Task<List<SentEvent>> TakeAsync(int count, CancellationToken left = default)
    {
        var taken = new List<SentEvent>();
        await foreach (var e in WatchAsync(_rig, left: left))
        {
            taken.Add(e);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }

    private async Task EventuallyAsync(Func<bool> holds)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds())
        {
            await ticks.WaitForNextTickAsync(_patience.Token);
        }
    }

    private async Task<Job> StandsAsync() => Job.From(
        NotedControl.KnownJob, (await _store.ReadAsync(StreamId.Of(NotedControl.KnownJob), 0, default)).Select(e => (JobEvent)e.Event));

    /// <summary>The job's life up to that event: committed, then told, as the engine does.</summary>
    private async Task TellAsync(int until)
    {
        for (; _told < until; _told++)
        {
            var e = Journals.Life[_told];
            var before = _told == 0 ? null : await StandsAsync();
            var after = before?.Apply(e) ?? Job.Begin(NotedControl.KnownJob, e);
            Assert.IsType<AppendOutcome.Appended>(await _store.AppendAsync(StreamId.Of(NotedControl.KnownJob), _told, Math.Max(before?.LeaseEpoch ?? 0, after.LeaseEpoch), [e], [], default));
            Feed.Committed(after, [e]);
        }
    }

    private void Say(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Feed.Write(new LogLine(Journals.Start, NotedControl.KnownJob.Value, "1.1", "alpha-a-1", $"line {++_lines}"));
        }
    }

    private static IEnumerable<int> Sequences(IEnumerable<SentEvent> events) =>
        events.Where(e => e.Name == WatchEvents.Journal).Select(e => e.Data.GetProperty("sequence").GetInt32());

    private static IEnumerable<int> Lines(IEnumerable<SentEvent> events) => events.Where(e => e.Name == WatchEvents.Log).Select(e => e.Data.GetProperty("number").GetInt32());
}
