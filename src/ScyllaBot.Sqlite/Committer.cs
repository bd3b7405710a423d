using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>
/// The only writer: one thread, one connection. What waits is committed together (at most <see cref="MaxBatch"/>), without lingering
/// for more, and acknowledged after COMMIT. SQLite's async calls are synchronous, hence a thread of its own.
/// </summary>
internal sealed class Committer : IAsyncDisposable
{
    public const int MaxBatch = 256;
    private const int MaxWaiting = 4 * MaxBatch;

    private readonly SqliteConnection connection;
    private readonly JournalTables tables;
    private readonly Statement begin;
    private readonly Statement commit;
    private readonly Statement rollback;
    private readonly object gate = new();
    private readonly Queue<Work> waiting = new();
    private readonly SemaphoreSlim room = new(MaxWaiting);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool closed;

    /// <param name="connection">Owned from here on.</param>
    public Committer(SqliteConnection connection)
    {
        this.connection = connection;
        tables = new JournalTables(connection);
        begin = new Statement(connection, "BEGIN IMMEDIATE");
        commit = new Statement(connection, "COMMIT");
        rollback = new Statement(connection, "ROLLBACK");
        new Thread(Serve) { IsBackground = true, Name = "job store committer" }.Start();
    }

    /// <summary>Completes when the change is durable. Cancelling stops the waiting, not a change that was handed over.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> WriteAsync<T>(Func<JournalTables, T> change, CancellationToken ct)
    {
        await room.WaitAsync(ct);
        var work = new Work<T>(change);
        if (!TryEnqueue(work))
        {
            room.Release();
            throw new ObjectDisposedException(nameof(SqliteJobStore));
        }

        return await work.Done.WaitAsync(ct);
    }

    /// <summary>Writes what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        await ended.Task;
    }

    private bool TryEnqueue(Work work)
    {
        lock (gate)
        {
            if (!closed)
            {
                waiting.Enqueue(work);
                Monitor.Pulse(gate);
            }

            return !closed;
        }
    }

    private void Serve()
    {
        try
        {
            while (Take() is { Length: > 0 } batch)
            {
                Commit(batch);
            }

            Close();
            ended.SetResult();
        }
        catch (Exception e)
        {
            ended.SetException(e);
        }
    }

    private Work[] Take()
    {
        Work[] batch;
        lock (gate)
        {
            while (waiting.Count == 0 && !closed)
            {
                Monitor.Wait(gate);
            }

            batch = new Work[Math.Min(waiting.Count, MaxBatch)];
            for (var i = 0; i < batch.Length; i++)
            {
                batch[i] = waiting.Dequeue();
            }
        }

        if (batch.Length > 0)
        {
            room.Release(batch.Length);
        }

        return batch;
    }

    private void Commit(ReadOnlySpan<Work> batch)
    {
        var stage = Stage.Beginning;
        try
        {
            begin.Run();
            stage = Stage.Changing;
            foreach (var work in batch)
            {
                work.Run(tables);
            }

            stage = Stage.Committing;
            commit.Run();
        }
        catch (Exception e)
        {
            Undo();
            if (stage == Stage.Changing && batch.Length > 1)
            {
                CommitOneByOne(batch);
            }
            else
            {
                Fail(batch, e);
            }

            return;
        }

        foreach (var work in batch)
        {
            work.Acknowledge();
        }
    }

    // One change that the database refuses must not cost the others theirs.
    private void CommitOneByOne(ReadOnlySpan<Work> batch)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            Commit(batch.Slice(i, 1));
        }
    }

    private static void Fail(ReadOnlySpan<Work> batch, Exception why)
    {
        foreach (var work in batch)
        {
            work.Fail(why);
        }
    }

    private void Undo()
    {
        tables.Forget();
        try
        {
            rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does on a full disk, or the transaction never began.
        }
    }

    private void Close()
    {
        begin.Dispose();
        commit.Dispose();
        rollback.Dispose();
        tables.Dispose();
        connection.Dispose();
    }

    private enum Stage
    {
        Beginning,
        Changing,
        Committing,
    }
}
