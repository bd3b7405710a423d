using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Control;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Observe;
using ScyllaBot.Testing;
using ScyllaBot.Upkeep;

namespace ScyllaBot.Tests.Upkeep;

public sealed class RetentionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("scyllabot-retention-").FullName;
    private readonly InMemoryJobStore _store = new();
    private readonly ManualTime _engine = new(Journals.Start);
    private readonly ManualTime _time = new();
    private readonly BotMeters _meters = new();

    [Fact]
    public async Task What_ended_long_ago_goes_in_rounds_with_its_logs_and_the_rest_stays()
    {
        var book = new JobLogBook(_folder);
        var old = Enumerable.Range(0, (2 * RetentionLoop.Round) + 3).Select(i => new JobId($"{i:d16}")).ToArray();
        foreach (var job in old)
        {
            await EndAsync(job, 10);
            book.Write(new LogLine(Journals.Start, job.Value, "1", null, "done"));
        }

        await EndAsync(new JobId("0000000000000099"), 3600);
        _engine.Advance(TimeSpan.FromDays(365) + TimeSpan.FromSeconds(60));
        using var loop = Loop(new RetentionSettings(), job => book.Forget(job.Value));
        var forgetting = loop.ForgetAsync(default);
        while (!forgetting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await forgetting;
        Assert.Equal("0000000000000099", Assert.Single(await _store.ListJobsAsync(new JobFilter(Limit: 100), default)).Id.Value);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Equal(PartState.Ok, (await loop.LookAsync(default)).State);
        var page = new Exposition();
        _meters.Write(page);
        Assert.Equal(old.Length, Observe.ObserveRig.Value(page.ToString(), "scyllabot_jobs_forgotten_total"));
    }

    [Fact]
    public async Task Zero_days_keeps_everything()
    {
        await EndAsync(new JobId("0000000001AAAAAA"), 10);
        _engine.Advance(TimeSpan.FromDays(9999));
        using var loop = Loop(new RetentionSettings { Days = 0, AuditDays = 0 }, _ => { });
        await loop.StartAsync(default);
        await loop.ExecuteTask!;
        await loop.ForgetAsync(default);
        Assert.Single(await _store.ListJobsAsync(new JobFilter(), default));
    }

    [Fact]
    public async Task A_store_that_fails_is_shown_and_stops_nothing()
    {
        using var loop = new RetentionLoop(new Broken(), new RetentionSettings(), _ => { }, _meters, _engine, _time, NullLogger<RetentionLoop>.Instance);
        await loop.ForgetAsync(default);
        Assert.Equal(PartState.Warning, (await loop.LookAsync(default)).State);
    }

    [Theory]
    [InlineData(365, 1095, true)]
    [InlineData(365, 0, true)]
    [InlineData(0, 0, true)]
    [InlineData(365, 30, false)]
    [InlineData(0, 1095, false)]
    public void What_people_asked_is_never_kept_shorter_than_the_jobs(int days, int audit, bool isFine)
    {
        var settings = new RetentionSettings { Days = days, AuditDays = audit };
        Assert.Equal(isFine, Validator.TryValidateObject(settings, new ValidationContext(settings), null, validateAllProperties: true));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RetentionLoop Loop(RetentionSettings settings, Action<JobId> forgotten) =>
        new(_store, settings, forgotten, _meters, _engine, _time, NullLogger<RetentionLoop>.Instance);

    private Task EndAsync(JobId job, double at) => _store.AppendAsync(
        StreamId.Of(job), 0, 0, [Journals.Birth(job.Value), new Ended(Journals.At(at), JobOutcome.Refused, "no")], [], default);

    private sealed class Broken : IStoreUpkeep
    {
        public Task<OutboxBacklog> BacklogAsync(CancellationToken ct) => throw new IOException("disk");

        public Task<ForgetOutcome> ForgetAsync(RetentionCut cut, int limit, CancellationToken ct) => throw new IOException("disk");
    }
}
