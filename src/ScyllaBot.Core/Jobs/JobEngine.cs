using Microsoft.Extensions.Logging;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Owns the jobs at work in this process: starts them, takes open ones up again, lets them go when the host stops.</summary>
public sealed partial class JobEngine(
    InventoryBook inventory, WorkflowBinder binder, JobPorts ports, Func<Cluster, ClusterWatch> watchOf, ILogger<JobEngine> logger) : IAsyncDisposable
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private bool _isDisposed;
    private ImmutableSortedDictionary<JobId, string> _stuck = ImmutableSortedDictionary<JobId, string>.Empty;
    private ImmutableSortedDictionary<JobId, (JobRun Run, Task Loop)> _runs = ImmutableSortedDictionary<JobId, (JobRun, Task)>.Empty;

    /// <summary>Takes every open job up from its journal (R11), each with a message of how long it was alone (R10).</summary>
    /// <param name="ask">Pause them at their next safe point until somebody resumes them.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Jobs that can not go on, with the reason: their text no longer binds, or their journal is unreadable.</returns>
    public async Task<ImmutableArray<(JobId Job, string Why)>> ResumeAllAsync(bool ask, CancellationToken ct)
    {
        var stuck = ImmutableArray.CreateBuilder<(JobId, string)>();
        await ports.Fleet.LoadAsync(ports.Store, ct);
        var open = await ports.Store.ListJobsAsync(new JobFilter(OpenOnly: true, Limit: 1000), ct);
        await LookForFootprintsAsync(open, ct);
        foreach (var summary in open)
        {
            try
            {
                await ResumeAsync(summary.Id, ask, ct);
            }
            catch (Exception unusable) when (unusable is not OperationCanceledException)
            {
                LogStuck(summary.Id, unusable.Message, unusable);
                LetGo(summary.Id, unusable.Message);
                stuck.Add((summary.Id, unusable.Message));
            }
        }

        IsStarted = true;
        return stuck.ToImmutable();
    }

    /// <summary>Begins to drive a job whose first events are durable; its readers hear of them first.</summary>
    public Task StartAsync(Job job, ImmutableArray<JobEvent> events) => TakeUpAsync(job, Bind(job), run =>
    {
        run.Tell(events);
        return PauseForFleetAsync(run);
    });

    /// <summary>The run of a job that is at work here; null when it has ended or was never here.</summary>
    internal JobRun? Find(JobId job) => _runs.TryGetValue(job, out var entry) ? entry.Run : null;

    /// <summary>Why an open job is not at work here; null when it is, when it has ended, or when nobody knows it.</summary>
    internal string? WhyStuck(JobId job) => _stuck.GetValueOrDefault(job);

    internal IEnumerable<JobRun> Runs => _runs.Values.Select(r => r.Run);

    /// <summary>Ends every wait and attempt; jobs stay open and are taken up by the next host.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stopping.Cancel();
        foreach (var (_, loop) in _runs.Values)
        {
            await loop;
        }

        _stopping.Dispose();
    }

    /// <returns>The job as its journal has it, which may be ended.</returns>
    private async Task<Job> ResumeAsync(JobId id, bool ask, CancellationToken ct)
    {
        var entries = await ports.Store.ReadAsync(StreamId.Of(id), 0, ct);
        var job = Job.From(id, entries.Select(e => (JobEvent)e.Event));
        if (job.IsOpen)
        {
            await RefuseReadOnlyAsync(job, ct);
            var now = ports.Time.GetUtcNow();
            var away = now - job.Updated;
            var back = new HostResumed(now, away > TimeSpan.Zero ? away : TimeSpan.Zero);
            await TakeUpAsync(job, await BindOrHaltAsync(job, ct), async run =>
            {
                await (ask && job.State is (JobState.Running or JobState.Holding)
                    ? run.AppendAsync(back, new PauseAsked(now, Person.Bot)) : run.AppendAsync(back));
                await PauseForFleetAsync(run);
            });
        }

        return job;
    }

    private async Task TakeUpAsync(Job job, BoundJob bound, Func<JobRun, Task> first)
    {
        var mailbox = ports.NewMailbox();
        var run = new JobRun(job, bound, ports, mailbox, _stopping.Token) { Engine = this };
        var before = _runs.TryGetValue(job.Id, out var known) ? known : default((JobRun Run, Task Loop)?);
        lock (_lock)
        {
            // Before its first look at what stands above all jobs: whoever halts them all from here on finds it (R20).
            _runs = _runs.SetItem(job.Id, (run, Task.CompletedTask));
        }

        try
        {
            await mailbox.PostAsync(() => first(run));
        }
        catch
        {
            lock (_lock)
            {
                _runs = before is { } old ? _runs.SetItem(job.Id, old) : _runs.Remove(job.Id);
            }

            throw;
        }

        lock (_lock)
        {
            _stuck = _stuck.Remove(job.Id);
            _runs = _runs.SetItem(job.Id, (run, mailbox.PostAsync(() => DriveAsync(run))));
        }
    }

    private async Task DriveAsync(JobRun run)
    {
        await Task.Yield();
        try
        {
            await KeepDrivingAsync(run);
        }
        catch (JobLostException) when (run.Loss is not null)
        {
            // Looked at below: a press may have met the store's error as well, and then the loop just ends.
        }
        catch (Exception broken)
        {
            // Not even a halt could be written: this host lets go; the journal keeps the job open for a human and the next host.
            LogLost(run.Job.Id, broken.Message, broken);
            LetGo(run.Job.Id, broken.Message);
        }

        if (!run.Job.IsOpen)
        {
            Forget(run.Job.Id);
            run.Dispose();
        }
        else if (run.Loss is { } lost)
        {
            LogLost(run.Job.Id, lost.Message, lost);
            if (lost.InnerException is not null)
            {
                await TakeUpAgainAsync(run.Job.Id);
            }
            else
            {
                LetGo(run.Job.Id, lost.Message);
            }
        }
    }

    /// <summary>A press on it would be written and never acted upon; so it is answered with the reason.</summary>
    private void LetGo(JobId job, string why)
    {
        lock (_lock)
        {
            _runs = _runs.Remove(job);
            _stuck = _stuck.SetItem(job, Shortened.To(why, 500));
        }
    }

    private void Forget(JobId job)
    {
        lock (_lock)
        {
            _runs = _runs.Remove(job);
        }
    }

    private BoundJob Bind(Job job)
    {
        var cluster = inventory.Current.Find(job.Cluster)
            ?? throw new InvalidOperationException($"cluster {job.Cluster} is no longer in the inventory");
        if (job.WhyNotIn(cluster) is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        var values = new WorkflowValues { Cluster = cluster, JobId = job.Id.Value, Operator = job.Birth.Operator.Name, Given = job.Birth.Variables };
        var (loaded, errors) = binder.Bind(job.Birth.WorkflowName, job.Birth.WorkflowText, values);
        return loaded is null
            ? throw new InvalidOperationException($"its workflow no longer binds: {string.Join("; ", errors)}")
            : new BoundJob(cluster, watchOf(cluster), loaded) { UndoOf = undo => BindUndo(undo, values) };
    }

    private (LoadedWorkflow? Loaded, ImmutableArray<string> Errors) BindUndo(DebtUndo undo, WorkflowValues values)
    {
        var (text, errors) = binder.TextOf(new TaskRequest("undo", undo.Task, values.Cluster!.Name, undo.Node, undo.Inputs, ""));
        return text is null ? (null, errors) : binder.Bind(undo.Task, text, values with { Given = ImmutableSortedDictionary<string, string>.Empty });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} can not be taken up: {Why}")]
    private partial void LogStuck(JobId jobId, string why, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} broke and is driven on: {Why}")]
    private partial void LogBroke(JobId jobId, string why, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} was let go: {Why}")]
    private partial void LogLost(JobId jobId, string why, Exception exception);
}
