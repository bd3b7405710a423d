using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>How a job store's file is.</summary>
public enum StoreCondition
{
    /// <summary>There is none yet: the first start makes it.</summary>
    Absent,

    Good,

    /// <summary>A process has it.</summary>
    InUse,

    /// <summary>Of a later version of this program.</summary>
    Newer,

    /// <summary>A database of something else.</summary>
    Foreign,

    Damaged,

    /// <summary>This user can not read it.</summary>
    Unreadable,
}

/// <param name="Condition">How it is.</param>
/// <param name="Detail">More about it, for people; may be empty.</param>
public sealed record StoreLook(StoreCondition Condition, string Detail = "");

/// <summary>Looks at a job store without opening it as one: nothing is created, locked for longer than the look, or written.</summary>
public static class StoreInspection
{
    private const int VersionAt = 60;
    private const int ApplicationAt = 68;
    private const int HeaderLength = 100;

    /// <param name="path">Of the database.</param>
    public static StoreLook Look(string path)
    {
        try
        {
            return !File.Exists(path) || new FileInfo(path).Length == 0 ? new StoreLook(IsLocked(path) ? StoreCondition.InUse : StoreCondition.Absent)
                : IsLocked(path) ? new StoreLook(StoreCondition.InUse)
                : Header(path) ?? Check(path);
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return new StoreLook(StoreCondition.Unreadable, closed.Message);
        }
    }

    // The running bot has the lock file for itself alone. Asking for a share of it tells, and lets go at once.
    private static bool IsLocked(string path)
    {
        if (!File.Exists(path + ".lock"))
        {
            return false;
        }

        try
        {
            using var free = new FileStream(path + ".lock", FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <returns>Null when its first page is that of a store this version reads.</returns>
    private static StoreLook? Header(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var head = new byte[HeaderLength];
        if (file.ReadAtLeast(head, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !head.AsSpan().StartsWith("SQLite format 3\0"u8))
        {
            return new StoreLook(StoreCondition.Damaged, "it is no SQLite database");
        }

        // A store that never got past its first log is told from its tables only by SQLite itself.
        var version = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(VersionAt));
        return BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(ApplicationAt)) is var application && application != Schema.ApplicationId && !HasLog(path)
            ? new StoreLook(StoreCondition.Foreign)
            : version > Schema.Current ? new StoreLook(StoreCondition.Newer, $"schema version {version}; this ScyllaBot knows versions up to {Schema.Current}") : null;
    }

    private static bool HasLog(string path) => File.Exists(path + "-wal") && new FileInfo(path + "-wal").Length > 0;

    /// <summary>A file with a log beside it belongs to a bot that was killed: the next start looks at both, and only that may fold them.</summary>
    private static StoreLook Check(string path)
    {
        if (HasLog(path))
        {
            return new StoreLook(StoreCondition.Good, "the bot did not stop in good order; the next start takes up its log");
        }

        try
        {
            // Immutable: SQLite makes no files beside it then, not even for reading.
            var address = new StringBuilder("file:").Append(Uri.EscapeDataString(System.IO.Path.GetFullPath(path)).Replace("%2F", "/", StringComparison.Ordinal)).Append("?immutable=1");
            var settings = new SqliteConnectionStringBuilder { DataSource = address.ToString(), Mode = SqliteOpenMode.ReadOnly, Pooling = false };
            using var connection = new SqliteConnection(settings.ToString());
            connection.Open();
            using var check = new Statement(connection, "PRAGMA quick_check(3)");
            var found = check.Many(row => row.GetString(0));
            return found is ["ok"] ? new StoreLook(StoreCondition.Good) : new StoreLook(StoreCondition.Damaged, string.Join("; ", found));
        }
        catch (SqliteException broken)
        {
            return new StoreLook(StoreCondition.Damaged, broken.Message);
        }
    }
}
