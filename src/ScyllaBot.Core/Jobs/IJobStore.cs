namespace ScyllaBot.Core.Jobs;

/// <summary>What an append came to.</summary>
public abstract record AppendOutcome
{
    private AppendOutcome() { }

    /// <summary>Durable: it survives the machine losing power now.</summary>
    public sealed record Appended(long Sequence) : AppendOutcome;

    /// <summary>Nothing written: the stream is not where the caller thinks, the request id exists, or another job holds the lease.</summary>
    public sealed record Conflict(string Why, JobId? Other) : AppendOutcome
    {
        /// <summary>The lease moved on since it was read; the stream itself is where the caller thinks.</summary>
        public bool IsLeaseMoved { get; init; }
    }

    /// <summary>Nothing written: the cluster's lease has a newer epoch (R13).</summary>
    public sealed record Fenced(long CurrentEpoch) : AppendOutcome;
}

/// <summary>A journal: a job's, or the bot's own (<see cref="Bot"/>).</summary>
public readonly record struct StreamId(string Value)
{
    public static readonly StreamId Bot = new("bot");

    public static StreamId Of(JobId job) => new($"job/{job.Value}");

    public override string ToString() => Value;
}

/// <summary>One event in its place.</summary>
public sealed record JournalEntry(StreamId Stream, long Sequence, JournalEvent Event);

/// <summary>A message that must reach people (R14). Its key is its nonce.</summary>
/// <param name="Kind"><c>card</c>, <c>approval</c>, <c>halt</c>, <c>end</c>, <c>say</c> …; unique with job and sequence.</param>
/// <param name="Channel">Channel name from configuration.</param>
/// <param name="Payload">The notice as JSON.</param>
public sealed record OutboxItem(string Kind, string Channel, string Payload);

/// <summary>An outbox row as it stands.</summary>
/// <param name="Job">Whose.</param>
/// <param name="Sequence">Of the event it was written with.</param>
/// <param name="Index">Of several items written with that event.</param>
/// <param name="FirstTried">When a send began first; null = never.</param>
/// <param name="Message">Where it stands in chat; null until confirmed.</param>
public sealed record OutboxRow(
    JobId Job, long Sequence, int Index, string Kind, string Channel, string Payload, DateTimeOffset? FirstTried, string? Message)
{
    /// <summary>Stands for the job in rows that the bot's own stream wrote.</summary>
    public static readonly JobId Bot = new("bot");

    /// <summary>At most 25 characters: Discord's nonce (R14).</summary>
    public string Nonce => $"{Job.Value}{Sequence:x}.{Index:x}";
}

/// <summary>A cluster's lease (R18). Held by nobody = null job; the epoch only grows.</summary>
public sealed record Lease(string Cluster, long Epoch, JobId? Job, DateTimeOffset Since)
{
    /// <summary>What it is held for; null: nobody holds it, or an older journal does not say, and then it excludes everything.</summary>
    public LeaseClass? Class { get; init; }

    /// <summary>Clusters of one group are never disrupted together; null = in none, or held for nothing disruptive.</summary>
    public string? Group { get; init; }

    /// <summary>Somebody disrupts the cluster under it.</summary>
    public bool IsDisruptive => Job is not null && Class is not LeaseClass.Background;
}

/// <summary>The job projection.</summary>
public sealed record JobSummary(
    JobId Id, string Cluster, string WorkflowName, string Title, JobState State, JobOutcome? Outcome, Person Operator,
    DateTimeOffset Created, DateTimeOffset Updated, int Targets, int Held);

public sealed record JobFilter(string? Cluster = null, bool OpenOnly = false, int Limit = 25);

/// <summary>
/// Port 3: embedded job state. One transaction writes events, projections (job, step, lease, approval) and outbox rows.
/// The journal is the truth; projections can be rebuilt from it.
/// </summary>
public interface IJobStore
{
    /// <summary>Writes all or nothing and returns after it is durable.</summary>
    /// <param name="stream">Which journal.</param>
    /// <param name="expectedSequence">Sequence of the stream's last event; 0 = must be new. −1 = whatever it is (the bot's stream only).</param>
    /// <param name="leaseEpoch">Epoch the writer works under; 0 = without a lease. Lower than the cluster's current one → Fenced.</param>
    /// <param name="events">At least one. LeaseTaken and LeaseReleased change the lease, Created checks the request id.</param>
    /// <param name="outbox">Each with the index of the event it belongs to.</param>
    /// <param name="ct">Stops waiting; what was handed to the committer may still be written.</param>
    Task<AppendOutcome> AppendAsync(
        StreamId stream, long expectedSequence, long leaseEpoch, ImmutableArray<JournalEvent> events,
        ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct);

    Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct);

    /// <summary>Newest first.</summary>
    Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct);

    Task<JobId?> FindByRequestAsync(string requestId, CancellationToken ct);

    Task<Lease?> LeaseAsync(string cluster, CancellationToken ct);

    /// <summary>Debts of a cluster or of all, the oldest first.</summary>
    Task<ImmutableArray<Debt>> DebtsAsync(DebtFilter filter, CancellationToken ct);

    /// <summary>Unconfirmed rows, oldest first.</summary>
    Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct);

    /// <summary>Every row of a job, in order.</summary>
    Task<ImmutableArray<OutboxRow>> OutboxAsync(JobId job, CancellationToken ct);

    /// <summary>A send begins: sets FirstTried once.</summary>
    Task OutboxTriedAsync(OutboxRow row, DateTimeOffset at, CancellationToken ct);

    /// <summary>Confirmed: <paramref name="message"/> is <c>channelId/messageId</c>.</summary>
    Task OutboxSentAsync(OutboxRow row, string message, CancellationToken ct);

    /// <summary>Small durable notes of the host (gateway session, hash of registered commands). Not part of any journal.</summary>
    Task<string?> ReadNoteAsync(string key, CancellationToken ct);

    Task WriteNoteAsync(string key, string? value, CancellationToken ct);
}
