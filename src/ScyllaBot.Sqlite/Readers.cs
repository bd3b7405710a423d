using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>Read-only connections, each used by one reader at a time. WAL lets them read while the committer writes.</summary>
internal sealed class Readers(StoreFile file) : IDisposable
{
    private const int Kept = 4;

    private readonly ConcurrentBag<SqliteConnection> idle = [];
    private volatile bool closed;

    /// <summary>Runs the query off the caller's thread: SQLite blocks.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> query, CancellationToken ct) => Task.Run(() => Read(query), ct);

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private T Read<T>(Func<SqliteConnection, T> query)
    {
        ObjectDisposedException.ThrowIf(closed, typeof(SqliteJobStore));
        var connection = idle.TryTake(out var free) ? free : file.OpenReader();
        try
        {
            var answer = query(connection);
            if (!closed && idle.Count < Kept)
            {
                idle.Add(connection);
                connection = null;
            }

            return answer;
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
