using System.Collections.Immutable;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>
/// The job store on one SQLite file: WAL, <c>synchronous=FULL</c>, one committing thread with group commit, readers beside it.
/// One process at a time. An append that was acknowledged survives kill -9 and power loss.
/// </summary>
public sealed class SqliteJobStore : IJobStore, IStoreUpkeep, IAsyncDisposable
{
    private readonly StoreFile file;
    private readonly Committer committer;
    private readonly Readers readers;

    private SqliteJobStore(StoreFile file)
    {
        this.file = file;
        committer = new Committer(file.OpenWriter());
        readers = new Readers(file);
    }

    /// <summary>Opens the file, or creates it (mode 0600) with its directory. Reads the whole file once, to refuse a damaged one.</summary>
    /// <param name="path">Of the database; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> lie beside it.</param>
    /// <param name="ct">Before it has begun only.</param>
    /// <exception cref="StoreRefusedException">In use, damaged, foreign, newer or not accessible. Nothing was changed.</exception>
    public static Task<SqliteJobStore> OpenAsync(string path, CancellationToken ct = default) => Task.Run(() => Open(path), ct);

    /// <inheritdoc/>
    /// <exception cref="IllegalTransitionException">The events can not follow the journal; nothing is written.</exception>
    /// <exception cref="UnreadableEventException">The stored journal holds what this version does not know; nothing is written.</exception>
    public async Task<AppendOutcome> AppendAsync(
        StreamId stream, long expectedSequence, long leaseEpoch, ImmutableArray<JournalEvent> events,
        ImmutableArray<(int Event, OutboxItem Item)> outbox, CancellationToken ct)
    {
        var ask = new AppendRequest(stream, expectedSequence, leaseEpoch, events, outbox).Checked();
        ImmutableArray<WrittenEvent> written = [.. events.Select(JournalCodec.Write)];
        return await committer.WriteAsync(tables => tables.Append(ask, written), ct);
    }

    public Task<ImmutableArray<JournalEntry>> ReadAsync(StreamId stream, long afterSequence, CancellationToken ct) =>
        readers.ReadAsync(c => Queries.Events(c, stream, afterSequence), ct);

    public Task<ImmutableArray<JobSummary>> ListJobsAsync(JobFilter filter, CancellationToken ct) =>
        readers.ReadAsync(c => Queries.Jobs(c, filter), ct);

    public Task<JobId?> FindByRequestAsync(string requestId, CancellationToken ct) =>
        readers.ReadAsync(c => Queries.ByRequest(c, requestId), ct);

    public Task<Lease?> LeaseAsync(string cluster, CancellationToken ct) => readers.ReadAsync(c => Queries.Lease(c, cluster), ct);

    public Task<ImmutableArray<Debt>> DebtsAsync(DebtFilter filter, CancellationToken ct) => readers.ReadAsync(c => DebtRows.Read(c, filter), ct);

    public Task<ImmutableArray<OutboxRow>> PendingOutboxAsync(int limit, CancellationToken ct) =>
        readers.ReadAsync(c => Queries.PendingOutbox(c, limit), ct);

    public Task<ImmutableArray<OutboxRow>> OutboxAsync(JobId job, CancellationToken ct) =>
        readers.ReadAsync(c => Queries.OutboxOf(c, job), ct);

    public Task OutboxTriedAsync(OutboxRow row, DateTimeOffset at, CancellationToken ct) =>
        committer.WriteAsync(tables => tables.Tried(row, at), ct);

    public Task OutboxSentAsync(OutboxRow row, string message, CancellationToken ct) =>
        committer.WriteAsync(tables => tables.Sent(row, message), ct);

    public Task<string?> ReadNoteAsync(string key, CancellationToken ct) => readers.ReadAsync(c => Queries.Note(c, key), ct);

    public Task WriteNoteAsync(string key, string? value, CancellationToken ct) =>
        committer.WriteAsync(tables => tables.Note(key, value), ct);

    public Task<OutboxBacklog> BacklogAsync(CancellationToken ct) => readers.ReadAsync(Queries.Backlog, ct);

    public Task<ForgetOutcome> ForgetAsync(RetentionCut cut, int limit, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return committer.WriteAsync(tables => tables.ForgetOld(cut, limit), ct);
    }

    /// <summary>Makes job, step, approval, held and lease rows again from the journal.</summary>
    public Task RebuildAsync(CancellationToken ct) => committer.WriteAsync(tables => tables.Rebuild(), ct);

    /// <returns>Rows that do not follow from the journal (<c>-</c>) and rows that are missing (<c>+</c>); empty when all is well.</returns>
    public Task<ImmutableArray<string>> CompareAsync(CancellationToken ct) => committer.WriteAsync(tables => tables.Compare(), ct);

    /// <summary>A consistent copy while the store is in use. Appears under its name only when it is complete and on disk.</summary>
    /// <param name="path">Must not exist.</param>
    /// <exception cref="IOException">It exists, or can not be written.</exception>
    public Task BackupAsync(string path, CancellationToken ct) => readers.ReadAsync(c => Backup.Write(c, path), ct);

    /// <summary>Writes what waits, then closes the file and lets go of the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        readers.Dispose();
        await committer.DisposeAsync();
        file.Dispose();
    }

    private static SqliteJobStore Open(string path)
    {
        var taken = StoreFile.Take(path);
        try
        {
            return new SqliteJobStore(taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }
}
