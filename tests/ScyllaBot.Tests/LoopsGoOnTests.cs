using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using ScyllaBot.Core.Chat;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;
using ScyllaBot.Observe;
using ScyllaBot.Sandbox;
using ScyllaBot.Testing;
using ScyllaBot.Tests.Observe;
using ScyllaBot.Upkeep;
using ScaledTime = ScyllaBot.Sandbox.Clusters.ScaledTime;

namespace ScyllaBot.Tests;

/// <summary>A cancellation that is not the host's own (a client's timeout is one) is a failure like any other: it ends no loop.</summary>
public sealed class LoopsGoOnTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-loops-").FullName;
    private readonly ManualTime _time = new();
    private readonly CancelledCalls _store = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task R10_the_heartbeat_outlives_a_cancellation_that_is_not_its_own()
    {
        var target = SecretRef.TryParse("env:SCYLLABOT_TEST_HEARTBEAT")!;
        var heartbeat = new Heartbeat(target, HeartbeatKind.Get, TimeSpan.FromSeconds(30), _store, _store, _time, NullLogger<Heartbeat>.Instance);

        await GoesOnAsync(heartbeat.RunAsync);
    }

    [Fact]
    public Task R14_the_outbox_outlives_a_cancellation_that_is_not_its_own() => GoesOnAsync(new OutboxDelivery(_store, Absent.Of<IChat>(), _time, new SystemRandom(), NullLogger<OutboxDelivery>.Instance).RunAsync);

    [Fact]
    public async Task The_look_after_debts_goes_on()
    {
        var keeper = new DebtKeeper(_store, Absent.Of<IJobControl>(), _time, false, NullLogger<DebtKeeper>.Instance);

        await GoesOnAsync(keeper.RunAsync);
    }

    [Fact]
    public async Task R20_the_file_HALT_is_looked_for_again_after_a_cancellation_of_somebody_elses()
    {
        var path = Path.Combine(_folder, HaltFile.Name);
        await File.WriteAllTextAsync(path, "");
        var ports = new JobPorts
        {
            Store = _store, Time = TimeProvider.System, Random = new SystemRandom(), Http = _store, Commands = _store, Log = _store, Readers = [],
            Outbox = (_, _, _) => [], Inventory = new Inventory([]),
        };
        await using var engine = new JobEngine(
            new Inventory([]), new WorkflowBinder(WorkflowLibrary.Of([], TaskCatalog.Core), TaskCatalog.Core), ports,
            _ => throw new InvalidOperationException("there is no cluster"), NullLogger<JobEngine>.Instance);
        using var file = new HaltFile(path, engine, NullLogger<HaltFile>.Instance);

        await GoesOnAsync(async ct =>
        {
            await file.StartAsync(ct);
            await file.ExecuteTask!;
        });
    }

    [Fact]
    public async Task The_clock_of_the_sandbox_goes_on()
    {
        using var http = new HttpClient(new CancelledAnswers(_store));
        using var clock = new SandboxClock(http, new Uri("http://sandbox/clock"), new ScaledTime(default, default, 1, TimeProvider.System));

        await GoesOnAsync(async ct =>
        {
            await clock.StartAsync(ct);
            await clock.ExecuteTask!;
        });
    }

    [Fact]
    public async Task A_backup_that_was_cancelled_by_somebody_else_has_failed()
    {
        using var loop = new BackupLoop(
            async (_, ct) => await _store.CallAsync(ct), new BackupFolder(Path.Combine(_folder, "backup")), new BackupSettings(), new BotMeters(), _time, NullLogger<BackupLoop>.Instance);

        await loop.BackUpAsync(default);

        Assert.NotNull(loop.Failure);
    }

    [Fact]
    public async Task A_removal_of_old_jobs_that_was_cancelled_by_somebody_else_has_failed()
    {
        using var loop = new RetentionLoop(_store, new RetentionSettings(), _ => { }, new BotMeters(), _time, _time, NullLogger<RetentionLoop>.Instance);

        await loop.ForgetAsync(default);

        Assert.Equal(PartState.Warning, (await loop.LookAsync(default)).State);
    }

    /// <summary>Until it has called a second time: the first call was cancelled by somebody else.</summary>
    private async Task GoesOnAsync(Func<CancellationToken, Task> run)
    {
        using var end = new CancellationTokenSource();
        var running = run(end.Token);
        while (!running.IsCompleted && !_store.Again.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAny(_store.Again, running, Task.Run(() => { }));
        }

        Assert.False(running.IsCompleted, $"the loop ended: {running.Status}");
        await end.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>Every call ends with a cancellation that nobody asked for.</summary>
    private sealed class CancelledCalls() : NotedStore(new InMemoryJobStore()), IStoreUpkeep, IHttpExchange, ICommandChannel, ILogSink
    {
        private readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        public Task Again => _again.Task;

        public Task CallAsync(CancellationToken ct)
        {
            if (Interlocked.Increment(ref _calls) > 1)
            {
                _again.TrySetResult();
            }

            return ct.IsCancellationRequested ? Task.FromCanceled(ct) : Task.FromException(new TaskCanceledException("the request was cancelled after 100 s"));
        }

        public override Task WriteNoteAsync(string key, string? value, CancellationToken ct) => CallAsync(ct);

        public override async Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct)
        {
            await CallAsync(ct);
            return [];
        }

        public override async Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct)
        {
            await CallAsync(ct);
            return [];
        }

        public override async Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct)
        {
            await CallAsync(ct);
            return [];
        }

        public Task<OutboxBacklog> BacklogAsync(CancellationToken ct) => throw new InvalidOperationException("nobody asks");

        public async Task<ForgetOutcome> ForgetAsync(RetentionCut cut, int limit, CancellationToken ct)
        {
            await CallAsync(ct);
            throw new InvalidOperationException("it did not come through");
        }

        public Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken ct) => throw new InvalidOperationException("it did not come so far");

        public Task<CommandResult> RunAsync(Node node, RemoteCommand command, Action<string>? line, CancellationToken ct) => throw new InvalidOperationException("nobody asks");

        public Task ReleaseAsync(Node node, string receipt, CancellationToken ct) => throw new InvalidOperationException("nobody asks");

        public void Write(LogLine line)
        {
            // Nobody reads it.
        }
    }

    private sealed class CancelledAnswers(CancelledCalls calls) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await calls.CallAsync(cancellationToken);
            throw new InvalidOperationException("it did not come through");
        }
    }

    /// <summary>Whoever is asked nothing here.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
    private class Absent : DispatchProxy
#pragma warning restore CA1852
    {
        public static T Of<T>()
            where T : class => Create<T, Absent>();

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new InvalidOperationException("nobody asks");
    }
}
