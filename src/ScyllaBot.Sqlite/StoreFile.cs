using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>The database file and the lock beside it: one process at a time, and a file that is not whole is never written to.</summary>
internal sealed class StoreFile : IDisposable
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly FileStream held;

    private StoreFile(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    /// <summary>Takes the lock, then looks at the file without changing it.</summary>
    /// <exception cref="StoreRefusedException">Another process has it, or it is damaged, foreign or newer.</exception>
    public static StoreFile Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var file = new StoreFile(full, Lock(full));
        try
        {
            if (File.Exists(full) && new FileInfo(full).Length > 0)
            {
                file.Inspect();
            }
            else
            {
                using var created = Create(full, FileShare.ReadWrite);
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            file.Dispose();
            throw NotAccessible(full, e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The one connection that writes. <c>synchronous=FULL</c>: COMMIT returns after the log is on disk. The log is folded into the file
    /// every 4000 pages (16 MiB): a commit of many jobs touches many pages, and folding them more often costs throughput (docs/benchmarks.md).
    /// </summary>
    public SqliteConnection OpenWriter()
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Open(SqliteOpenMode.ReadWrite);
            Schema.Execute(connection, """
                PRAGMA page_size = 4096;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 4000;
                PRAGMA foreign_keys = ON;
                """);
            Schema.Migrate(connection);
            return connection;
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw NotAccessible(Path, e);
        }
    }

    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadOnly);

    /// <summary>The lock file stays: removing it would let two processes lock two different files of one name.</summary>
    public void Dispose() => held.Dispose();

    private static FileStream Lock(string path)
    {
        var name = path + ".lock";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return Create(name, FileShare.None);
        }
        catch (IOException e) when (File.Exists(name))
        {
            throw new StoreRefusedException(
                $"The job store {path} is in use: {name} is locked. Another ScyllaBot runs on it; stop that one or configure another path.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotAccessible(path, e);
        }
    }

    private static StoreRefusedException NotAccessible(string path, Exception e) =>
        new($"The job store {path} can not be opened: {e.Message} May this user write its directory, and has the disk room?", e);

    // Journals name hosts, people and reasons: for the owner's eyes only. SQLite gives -wal and -shm the mode of the file itself.
    public static FileStream Create(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = Path, Mode = mode, Pooling = false, DefaultTimeout = 5 };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            Schema.Execute(connection, "PRAGMA busy_timeout = 5000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // Read-only, so that not even closing can checkpoint a log into a damaged file.
    private void Inspect()
    {
        try
        {
            using var connection = OpenReader();
            using var check = new Statement(connection, "PRAGMA quick_check(3)");
            var found = check.Many(row => row.GetString(0));
            if (found is not ["ok"])
            {
                throw Damaged(string.Join("; ", found), null);
            }

            var tables = Schema.Number(connection, "SELECT count(*) FROM sqlite_master");
            if (tables > 0 && Schema.Number(connection, "PRAGMA application_id") != Schema.ApplicationId)
            {
                throw new StoreRefusedException(
                    $"{Path} is a database of something else, not a ScyllaBot job store. Nothing was changed; configure another path.");
            }

            if (Schema.Version(connection) is var version && version > Schema.Current)
            {
                throw new StoreRefusedException(
                    $"The job store {Path} has schema version {version}, and this ScyllaBot knows versions up to {Schema.Current}. "
                    + "Nothing was changed; run the newer ScyllaBot.");
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw Damaged(e.Message, e);
        }
    }

    private StoreRefusedException Damaged(string how, Exception? inner) => new(
        $"The job store {Path} is damaged ({how}). Nothing was changed. Restore a backup over it (and remove {Path}-wal and {Path}-shm), "
        + "or move it away to start empty: jobs that were open are then unknown to the bot, so look at their clusters first.",
        inner);
}
