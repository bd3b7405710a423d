namespace ScyllaBot.Core.Jobs;

/// <summary>An append as it was asked for: the arguments of <see cref="IJobStore.AppendAsync"/>.</summary>
public sealed record AppendRequest(
    StreamId Stream, long ExpectedSequence, long LeaseEpoch, ImmutableArray<JournalEvent> Events,
    ImmutableArray<(int Event, OutboxItem Item)> Outbox)
{
    private const string JobPrefix = "job/";

    /// <summary>Whose journal it is; null for a stream that is no job's.</summary>
    public JobId? Job => Stream.Value.StartsWith(JobPrefix, StringComparison.Ordinal) ? new JobId(Stream.Value[JobPrefix.Length..]) : null;

    /// <exception cref="ArgumentException">The caller is wrong, whatever the store holds.</exception>
    public AppendRequest Checked()
    {
        var isJob = Job is not null;
        var wrong = this switch
        {
            { Events.IsDefaultOrEmpty: true } => "there is no event to append",
            { Outbox.IsDefault: true } => "the outbox is not initialised",
            { ExpectedSequence: < -1 } or { LeaseEpoch: < 0 } => "sequence and epoch are not negative",
            { ExpectedSequence: -1 } when Stream != StreamId.Bot => "only the bot's stream takes an append at any sequence",
            _ when isJob != Events.All(e => e is JobEvent) => $"these events do not belong into {Stream}",
            _ when !isJob && Stream != StreamId.Bot && !Outbox.IsEmpty => "only a job's event and the bot's write to the outbox",
            _ when Outbox.Any(o => o.Event < 0 || o.Event >= Events.Length) => "an outbox item belongs to no event of this append",
            _ => null,
        };
        return wrong is null ? this : throw new ArgumentException(wrong);
    }

    /// <summary>The outbox rows as they are first written; the index counts the items of one event.</summary>
    /// <param name="job">Null: the bot's own.</param>
    /// <param name="firstSequence">Of the events.</param>
    public ImmutableArray<OutboxRow> Rows(JobId? job, long firstSequence) =>
    [
        .. Outbox.Select((o, at) => new OutboxRow(
            job ?? OutboxRow.Bot, firstSequence + o.Event, Outbox.Take(at).Count(b => b.Event == o.Event),
            o.Item.Kind, o.Item.Channel, o.Item.Payload, null, null)),
    ];
}

/// <summary>What a store knows when it judges an append; read in the transaction that would write it.</summary>
public interface IStoredFacts
{
    /// <summary>Of the stream's last event; 0 = the stream is new.</summary>
    long LastSequence(StreamId stream);

    /// <summary>The fold of its journal; null = no such job.</summary>
    Job? Job(JobId id);

    Lease? Lease(string cluster);

    /// <summary>Those that are held now, by cluster.</summary>
    IEnumerable<Lease> HeldLeases();

    JobId? ByRequest(string requestId);
}

/// <summary>What is to be written, or why nothing is.</summary>
/// <param name="Outcome">What the caller is told, once it is durable.</param>
/// <param name="FirstSequence">Of the first event.</param>
/// <param name="Change">Rows of the job; null for a stream that is no job's, or when nothing is written.</param>
/// <param name="Lease">The lease row as it becomes; null = unchanged.</param>
public sealed record Verdict(AppendOutcome Outcome, long FirstSequence, JobChange? Change, Lease? Lease)
{
    /// <summary>Debt rows; of the bot's stream too.</summary>
    public DebtChange Debts { get; init; } = DebtChange.None;

    public bool IsAdmitted => Outcome is AppendOutcome.Appended;
}

/// <summary>The rules of an append (R13, R18), the same for every store: request id once, fence, sequence, fold, lease.</summary>
public static class Admission
{
    /// <exception cref="IllegalTransitionException">They can not follow the journal; it holds only what can be folded.</exception>
    public static Verdict Judge(AppendRequest ask, IStoredFacts facts)
    {
        var before = ask.Job is { } id ? facts.Job(id) : null;
        var born = ask.Events[0] as Created;
        if (born is not null && facts.ByRequest(born.RequestId) is { } owner)
        {
            return Refuse(new AppendOutcome.Conflict($"request {born.RequestId} has started job {owner}", owner));
        }

        var cluster = before?.Cluster ?? born?.Cluster;
        var lease = cluster is null ? null : facts.Lease(cluster);
        if (ask.LeaseEpoch > 0 && lease is not null && ask.LeaseEpoch < lease.Epoch)
        {
            return Refuse(new AppendOutcome.Fenced(lease.Epoch));
        }

        var last = before?.Sequence ?? facts.LastSequence(ask.Stream);
        if (ask.ExpectedSequence != last && ask.ExpectedSequence != -1)
        {
            return Refuse(new AppendOutcome.Conflict($"{ask.Stream} is at {last}, not at {ask.ExpectedSequence}", null));
        }

        return ask.Job is { } job
            ? JudgeJob(job, before, lease, [.. ask.Events.Cast<JobEvent>()], facts)
            : LeaseRules.WhyNotRaised(ask.Events, facts) is { } held ? Refuse(held)
            : new Verdict(new AppendOutcome.Appended(last + ask.Events.Length), last + 1, null, LeaseRules.Raised(ask.Events, facts))
            {
                Debts = DebtProjection.Of(null, null, ask.Events.Select((e, i) => (last + 1 + i, e))),
            };
    }

    private static Verdict JudgeJob(JobId id, Job? before, Lease? held, ImmutableArray<JobEvent> events, IStoredFacts facts)
    {
        var (job, lease) = (before, held);
        foreach (var e in events)
        {
            job = job is null ? Job.Begin(id, e) : job.Apply(e);
            var (moved, refusal) = Move(lease, job, e);
            refusal ??= e is LeaseTaken taken ? LeaseRules.WhyNot(taken, facts.HeldLeases()) : null;
            if (refusal is not null)
            {
                return Refuse(refusal);
            }

            lease = moved;
        }

        var first = (before?.Sequence ?? 0) + 1;
        return new Verdict(
            new AppendOutcome.Appended(job!.Sequence), first, Projection.Between(before, job, events),
            ReferenceEquals(lease, held) ? null : lease)
        {
            Debts = DebtProjection.Of(id, job.Cluster, events.Select((e, i) => (first + i, (JournalEvent)e))),
        };
    }

    private static (Lease? Lease, AppendOutcome.Conflict? Refusal) Move(Lease? now, Job job, JobEvent e)
    {
        var cluster = LeaseRules.ClusterOf(e);
        if (cluster is not null && !string.Equals(cluster, job.Cluster, StringComparison.Ordinal))
        {
            throw new IllegalTransitionException($"job {job.Id} works on {job.Cluster} and can not move the lease of {cluster}");
        }

        var epoch = now?.Epoch ?? 0;
        return e switch
        {
            LeaseTaken when now?.Job is { } other && other != job.Id =>
                (now, new AppendOutcome.Conflict($"job {other} holds {cluster}", other)),
            LeaseTaken x when x.Epoch != epoch + 1 =>
                (now, new AppendOutcome.Conflict($"the lease of {cluster} is at epoch {epoch}: {x.Epoch} does not follow", now?.Job) { IsLeaseMoved = true }),
            LeaseTaken x => (LeaseRules.Held(x, job.Id), null),
            LeaseReleased x when now?.Job != job.Id || x.Epoch != epoch =>
                (now, new AppendOutcome.Conflict($"job {job.Id} does not hold {cluster} at epoch {x.Epoch}", now?.Job)),
            LeaseReleased x => (new Lease(x.Cluster, x.Epoch, null, x.At), null),
            Unlocked x when now?.Job != job.Id || x.Epoch <= epoch =>
                (now, new AppendOutcome.Conflict($"job {job.Id} does not hold {cluster} at epoch {x.Epoch - 1}", now?.Job)),
            Unlocked x => (new Lease(x.Cluster, x.Epoch, null, x.At), null),
            _ => (now, null),
        };
    }

    private static Verdict Refuse(AppendOutcome why) => new(why, 0, null, null);
}
