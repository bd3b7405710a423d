using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Hears of a job's new facts right after they are durable, on the job's scheduler: be quick, never throw.</summary>
public interface IJobReader
{
    void Committed(Job job, ImmutableArray<JobEvent> events);

    /// <summary>What it waits for changed; nothing in the journal did.</summary>
    void Touched(JobId job);
}

/// <summary>The journal has another writer or the lease is lost (R13), or the store failed: this run must not touch the job any more.</summary>
/// <param name="message">For the log.</param>
/// <param name="broken">What the store threw: then the journal may be taken up anew. Null: somebody else works on the job.</param>
public sealed class JobLostException(string message, Exception? broken) : Exception(message, broken);

/// <summary>One job at work in this process: its fold, its appends, its tokens. Everything here runs on its mailbox.</summary>
internal sealed partial class JobRun : IDisposable
{
    private readonly IJobStore _store;
    private readonly ImmutableArray<IJobReader> _readers;
    private readonly Gate _appends = new();
    private readonly CancellationTokenSource _hostStop;
    private readonly CancellationTokenSource _abortNow = new();
    private CancellationTokenSource _unheld = new();

    public JobRun(Job job, BoundJob bound, JobPorts ports, Mailbox mailbox, CancellationToken hostStopping)
    {
        (Job, Bound, Ports, Mailbox) = (job, bound with { Watch = bound.Watch.For(SeenAsync) }, ports, mailbox);
        Changed = new Signal(ports.Time);
        (_store, _readers) = (ports.Store, ports.Readers);
        _hostStop = CancellationTokenSource.CreateLinkedTokenSource(hostStopping);
        _cut = CancellationTokenSource.CreateLinkedTokenSource(_hostStop.Token);
        Adjust();
        Guards = new GuardWatch(this);
        Gates = new StartGates(this);
        Upgrade = new JobUpgrade(this);
    }

    public Job Job { get; private set; }

    public JobPorts Ports { get; }

    /// <summary>Targets whose absence from the ring is the job's own doing (R15, R27).</summary>
    public IReadOnlySet<string> MayBeOut => RingChanges.MayBeOut(Bound.Workflow, Bound.Cluster, Job.Birth.Targets.Select(t => t.Name));

    public Mailbox Mailbox { get; }

    public TimeProvider Time => Ports.Time;

    /// <summary>Set at every committed event.</summary>
    public Signal Changed { get; }

    /// <summary>From the last look at the cluster to NodeHeld: one node at a time, so that no two count on each other's replica.</summary>
    public Gate TakeDown { get; } = new();

    /// <summary>What is waited for now.</summary>
    public SortedDictionary<(StepKey Key, string Condition), LiveWait> Waits { get; } = [];

    /// <summary>Looks after the cluster while the job runs (R6).</summary>
    public GuardWatch Guards { get; }

    /// <summary>When nodes may be taken down (window, R26).</summary>
    public StartGates Gates { get; }

    /// <summary>Whether this version's tasks are those it was planned with (R30).</summary>
    public JobUpgrade Upgrade { get; }

    /// <summary>Why the next nodes do not start now, in order; empty when one may.</summary>
    public ImmutableArray<(string Node, string Why)> WhyNot { get; set; } = [];

    /// <summary>The node that every other goes before, while that matters; null otherwise.</summary>
    public string? GoesLast { get; set; }

    /// <summary>Why no further node starts now; null when one may.</summary>
    public string? WhyNotNext => WhyNot.Select(w => w.Why).FirstOrDefault();

    /// <summary>Ends waits of nodes that are not held: cancelled whenever the job leaves Running (R3).</summary>
    public CancellationToken Unheld => _unheld.Token;

    /// <summary>Ends side effects: abort-now and the host stopping.</summary>
    public CancellationToken Hard => _abortNow.Token;

    public CancellationToken HostStopping => _hostStop.Token;

    /// <summary>Set once this run may not touch the job any more; with an inner exception when the store failed.</summary>
    public JobLostException? Loss { get; private set; }

    /// <summary>Durably appends what <paramref name="decide"/> makes of the job as it stands, then folds and tells the readers.</summary>
    /// <exception cref="JobLostException">Somebody else wrote: stop.</exception>
    public async Task AppendAsync(Func<Job, ImmutableArray<JobEvent>> decide)
    {
        using var turn = await _appends.EnterAsync(CancellationToken.None);
        if (Loss is { } lost)
        {
            throw new JobLostException(lost.Message, lost.InnerException);
        }

        var events = decide(Job);
        if (events.IsEmpty)
        {
            return;
        }

        var (after, outbox) = Ports.Fold(Job.Id, Job, events, Plan);

        // Not cancellable: an append that was handed over may be durable, so the fold must learn how it ended.
        var outcome = await WriteAsync(events, outbox);
        if (outcome is AppendOutcome.Conflict busy && (busy.Other is not null || busy.IsLeaseMoved) && events.Any(e => e is LeaseTaken))
        {
            throw new LeaseBusyException(busy.Why);
        }

        if (outcome is not AppendOutcome.Appended)
        {
            throw Lost($"{outcome}", null);
        }

        Job = after;
        Adjust();
        Tell(events);
        Changed.Set();
        if (events.Any(e => e is LeaseReleased or Unlocked))
        {
            Engine.WakeWaiting();
        }
    }

    /// <summary>Hands events that are durable and folded to the readers.</summary>
    public void Tell(ImmutableArray<JobEvent> events)
    {
        foreach (var reader in _readers)
        {
            reader.Committed(Job, events);
        }
    }

    private async Task<AppendOutcome> WriteAsync(ImmutableArray<JobEvent> events, ImmutableArray<(int Event, OutboxItem Item)> outbox)
    {
        try
        {
            return await _store.AppendAsync(StreamId.Of(Job.Id), Job.Sequence, Job.LeaseEpoch, [.. events], outbox, CancellationToken.None);
        }
        catch (Exception broken) when (broken is not IllegalTransitionException)
        {
            // Whether it is written is unknown, so the fold is no longer the truth: only the journal is.
            throw Lost($"the store failed: {broken.Message}", broken);
        }
    }

    private JobLostException Lost(string why, Exception? broken)
    {
        // Before the tokens end the loop: whoever sees it end asks why.
        Loss = new JobLostException($"job {Job.Id}: {why}", broken);
        _hostStop.Cancel();
        return Loss;
    }

    public Task AppendAsync(params ImmutableArray<JobEvent> events) => AppendAsync(_ => events);

    public void Report(StepKey key, string condition, LiveWait? wait)
    {
        if (wait is null)
        {
            Waits.Remove((key, condition));
        }
        else
        {
            Waits[(key, condition)] = wait;
        }

        Touch();
    }

    public void Dispose()
    {
        _hostStop.Dispose();
        _abortNow.Dispose();
        _unheld.Dispose();
        _cut.Dispose();
    }

    /// <summary>Brings the tokens in line with the state.</summary>
    private void Adjust()
    {
        Recognise();
        AdjustCut();
        if (Job.State == JobState.Running && _unheld.IsCancellationRequested)
        {
            _unheld.Dispose();
            _unheld = new CancellationTokenSource();
        }
        else if (Job.State != JobState.Running)
        {
            _unheld.Cancel();
        }

        if (Job.Abort is { Now: true })
        {
            _abortNow.Cancel();
        }
    }
}
