using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>A copy by <c>VACUUM INTO</c>: one file without a log, all of one moment.</summary>
internal static class Backup
{
    public static string Write(SqliteConnection connection, string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new IOException($"{full} exists; a backup does not overwrite");
        }

        var part = full + ".part";
        File.Delete(part);
        try
        {
            using (StoreFile.Create(part, FileShare.ReadWrite))
            {
                // Created first, for its mode: SQLite accepts an empty file.
            }

            using (var copy = new Statement(connection, "VACUUM INTO $0", 1))
            {
                copy.Run(part);
            }

            Check(part);
            using (var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(part, full, overwrite: false);
            return full;
        }
        catch (SqliteException e)
        {
            throw new IOException($"the backup {full} was not written: {e.Message}", e);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>A copy that nobody could restore is none: every page of it is read, before it gets its name.</summary>
    private static void Check(string part)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = part, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        using var copy = new SqliteConnection(settings.ToString());
        copy.Open();
        using var check = new Statement(copy, "PRAGMA integrity_check(3)");
        if (check.Many(row => row.GetString(0)) is not ["ok"] || Schema.Number(copy, "PRAGMA application_id") != Schema.ApplicationId)
        {
            throw new IOException($"the backup {part} is not whole, although it was written without an error: look at the disk");
        }
    }
}
