using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>The writer's side of the tables. Committer thread only, always inside its transaction.</summary>
internal sealed class JournalTables : IStoredFacts, IDisposable
{
    private const int MaxFolds = 256;
    private static readonly string JobPrefix = StreamId.Of(new JobId("")).Value;

    // Folds of the jobs being written to, so that an append does not read the journal again. Dropped whenever a transaction is undone.
    private readonly Dictionary<JobId, Job> folds = [];
    private readonly SqliteConnection connection;
    private readonly ProjectionRows rows;
    private readonly Statement lastSequence;
    private readonly Statement readEvents;
    private readonly Statement insertEvent;
    private readonly Statement byRequest;
    private readonly Statement readLease;
    private readonly Statement heldLeases;
    private readonly Statement insertOutbox;
    private readonly Statement outboxTried;
    private readonly Statement outboxSent;
    private readonly Statement writeNote;
    private readonly Statement removeNote;

    public JournalTables(SqliteConnection connection)
    {
        this.connection = connection;
        rows = new ProjectionRows(connection);
        lastSequence = new Statement(connection, "SELECT max(sequence) FROM event WHERE stream = $0", 1);
        readEvents = new Statement(connection, Queries.EventsSql, 2);
        insertEvent = new Statement(connection, "INSERT INTO event (stream, sequence, kind, version, body) VALUES ($0, $1, $2, $3, $4)", 5);
        byRequest = new Statement(connection, Queries.ByRequestSql, 1);
        readLease = new Statement(connection, Queries.LeaseSql, 1);
        heldLeases = new Statement(connection, Queries.HeldLeasesSql);
        insertOutbox = new Statement(
            connection, "INSERT INTO outbox (job, sequence, item, kind, channel, payload) VALUES ($0, $1, $2, $3, $4, $5)", 6);
        outboxTried = new Statement(
            connection, "UPDATE outbox SET first_tried = coalesce(first_tried, $3) WHERE job = $0 AND sequence = $1 AND item = $2", 4);
        outboxSent = new Statement(connection, "UPDATE outbox SET message = $3 WHERE job = $0 AND sequence = $1 AND item = $2", 4);
        writeNote = new Statement(connection, "INSERT OR REPLACE INTO note (key, value) VALUES ($0, $1)", 2);
        removeNote = new Statement(connection, "DELETE FROM note WHERE key = $0", 1);
    }

    /// <param name="ask">Checked.</param>
    /// <param name="written">Its events, encoded by the caller's thread.</param>
    public AppendOutcome Append(AppendRequest ask, ImmutableArray<WrittenEvent> written)
    {
        var verdict = Admission.Judge(ask, this);
        if (!verdict.IsAdmitted)
        {
            return verdict.Outcome;
        }

        for (var i = 0; i < written.Length; i++)
        {
            insertEvent.Run(ask.Stream.Value, verdict.FirstSequence + i, written[i].Kind, written[i].Version, written[i].Json);
        }

        if (verdict.Change is { } change)
        {
            rows.Write(change);
            Remember(change.After);
        }

        rows.Debts.Write(verdict.Debts);
        foreach (var row in ask.Rows(verdict.Change?.After.Id, verdict.FirstSequence))
        {
            insertOutbox.Run(row.Job.Value, row.Sequence, row.Index, row.Kind, row.Channel, row.Payload);
        }

        if (verdict.Lease is { } lease)
        {
            rows.Write(lease);
        }

        return verdict.Outcome;
    }

    public int Tried(OutboxRow row, DateTimeOffset at) =>
        Known(row, outboxTried.Run(row.Job.Value, row.Sequence, row.Index, Columns.Text(at)));

    public int Sent(OutboxRow row, string message) => Known(row, outboxSent.Run(row.Job.Value, row.Sequence, row.Index, message));

    public int Note(string key, string? value) => value is null ? removeNote.Run(key) : writeNote.Run(key, value);

    public int Rebuild() => Rebuilding.Run(connection, rows);

    public ImmutableArray<string> Compare() => Rebuilding.Compare(connection, rows);

    public ForgetOutcome ForgetOld(RetentionCut cut, int limit) => Forgetting.Run(connection, this, cut, limit);

    /// <summary>The transaction was undone: what was folded in it never happened.</summary>
    public void Forget() => folds.Clear();

    // A fold that is kept knows its journal's length: the usual append asks the file nothing before it writes.
    public long LastSequence(StreamId stream) => JobIn(stream) is { } job && folds.TryGetValue(job, out var known)
        ? known.Sequence
        : (long?)lastSequence.One(stream.Value) ?? 0;

    public Job? Job(JobId id)
    {
        if (folds.TryGetValue(id, out var known))
        {
            return known;
        }

        var stream = StreamId.Of(id);
        var journal = readEvents.Many(row => Queries.Entry(stream, row), stream.Value, 0L);
        return journal.Count == 0 ? null : Remember(Core.Jobs.Job.From(id, journal.Select(e => (JobEvent)e.Event)));
    }

    public Lease? Lease(string cluster) => readLease.Many(Queries.Lease, cluster).SingleOrDefault();

    public IEnumerable<Lease> HeldLeases() => heldLeases.Many(Queries.Lease);

    public JobId? ByRequest(string requestId) => byRequest.One(requestId) is string id ? new JobId(id) : null;

    public void Dispose()
    {
        foreach (var statement in new[]
        {
            lastSequence, readEvents, insertEvent, byRequest, readLease, heldLeases, insertOutbox, outboxTried, outboxSent, writeNote, removeNote,
        })
        {
            statement.Dispose();
        }

        rows.Dispose();
    }

    private Job Remember(Job job)
    {
        if (!job.IsOpen)
        {
            folds.Remove(job.Id);
            return job;
        }

        if (folds.Count >= MaxFolds)
        {
            folds.Clear();
        }

        return folds[job.Id] = job;
    }

    private static JobId? JobIn(StreamId stream) =>
        stream.Value.StartsWith(JobPrefix, StringComparison.Ordinal) ? new JobId(stream.Value[JobPrefix.Length..]) : null;

    private static int Known(OutboxRow row, int changed) =>
        changed > 0 ? changed : throw new ArgumentException($"there is no outbox row {row.Nonce}", nameof(row));
}
