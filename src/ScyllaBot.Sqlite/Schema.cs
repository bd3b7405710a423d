using Microsoft.Data.Sqlite;

namespace ScyllaBot.Sqlite;

/// <summary>The tables, and how an older file becomes a current one. <c>user_version</c> counts the migrations a file has had.</summary>
internal static class Schema
{
    /// <summary>"ScBt": tells our file from any other SQLite database.</summary>
    public const int ApplicationId = 0x53634274;

    // event is the truth; job, step, approval, held and lease follow from it and can be made again; outbox and note stand alone.
    // Clustered by stream, a job's journal is read in one run, and appending touches one page.
    private const string Version1 = """
        CREATE TABLE event (
          stream TEXT NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
          PRIMARY KEY (stream, sequence)) STRICT, WITHOUT ROWID;
        CREATE TABLE job (
          id TEXT PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL, workflow TEXT NOT NULL, title TEXT NOT NULL,
          operator_id TEXT NOT NULL, operator_name TEXT NOT NULL, created TEXT NOT NULL, targets INTEGER NOT NULL,
          state TEXT NOT NULL, outcome TEXT, updated TEXT NOT NULL, sequence INTEGER NOT NULL, held INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE step (
          job TEXT NOT NULL REFERENCES job (id), path TEXT NOT NULL, node TEXT NOT NULL, status TEXT NOT NULL,
          attempt INTEGER NOT NULL, failures INTEGER NOT NULL, first_started TEXT, deadline TEXT, retry_at TEXT,
          updated TEXT NOT NULL, why TEXT,
          PRIMARY KEY (job, path, node)) STRICT, WITHOUT ROWID;
        CREATE TABLE approval (
          job TEXT NOT NULL REFERENCES job (id), key TEXT NOT NULL, message TEXT NOT NULL, plan_hash TEXT NOT NULL, expires TEXT NOT NULL,
          needed INTEGER NOT NULL, given INTEGER NOT NULL, refused_by TEXT, refused_why TEXT, expired INTEGER NOT NULL,
          PRIMARY KEY (job, key)) STRICT, WITHOUT ROWID;
        CREATE TABLE held (
          job TEXT NOT NULL REFERENCES job (id), node TEXT NOT NULL, since TEXT NOT NULL, step TEXT NOT NULL,
          PRIMARY KEY (job, node)) STRICT, WITHOUT ROWID;
        CREATE TABLE lease (
          cluster TEXT PRIMARY KEY, epoch INTEGER NOT NULL, job TEXT REFERENCES job (id), since TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE outbox (
          id INTEGER PRIMARY KEY, job TEXT NOT NULL REFERENCES job (id), sequence INTEGER NOT NULL, item INTEGER NOT NULL,
          kind TEXT NOT NULL, channel TEXT NOT NULL, payload TEXT NOT NULL, first_tried TEXT, message TEXT,
          UNIQUE (job, sequence, item)) STRICT;
        CREATE INDEX outbox_pending ON outbox (id) WHERE message IS NULL;
        CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """;

    // Debts belong to clusters and outlive jobs. Outbox rows may be the bot's own now, so they refer to no job any more.
    private const string Version2 = """
        CREATE TABLE debt (
          id TEXT PRIMARY KEY, cluster TEXT NOT NULL, job TEXT NOT NULL, step TEXT, kind TEXT NOT NULL, subject TEXT NOT NULL,
          what TEXT NOT NULL, opened TEXT NOT NULL, deadline TEXT NOT NULL, nature TEXT NOT NULL, undo_task TEXT NOT NULL, undo_node TEXT,
          undo_inputs TEXT NOT NULL, undo_by_itself INTEGER NOT NULL, paid TEXT, paid_by TEXT, paid_why TEXT, told TEXT) STRICT, WITHOUT ROWID;
        CREATE INDEX debt_open ON debt (cluster, opened) WHERE paid IS NULL;
        CREATE TABLE outbox_2 (
          id INTEGER PRIMARY KEY, job TEXT NOT NULL, sequence INTEGER NOT NULL, item INTEGER NOT NULL,
          kind TEXT NOT NULL, channel TEXT NOT NULL, payload TEXT NOT NULL, first_tried TEXT, message TEXT,
          UNIQUE (job, sequence, item)) STRICT;
        INSERT INTO outbox_2 SELECT id, job, sequence, item, kind, channel, payload, first_tried, message FROM outbox;
        DROP TABLE outbox;
        ALTER TABLE outbox_2 RENAME TO outbox;
        CREATE INDEX outbox_pending ON outbox (id) WHERE message IS NULL;
        """;

    // What a lease is held for (R18).
    private const string LeaseClasses = """
        ALTER TABLE lease ADD COLUMN class TEXT;
        ALTER TABLE lease ADD COLUMN exclusive_group TEXT;
        """;

    private static readonly string[] Migrations = [Version1, Version2, LeaseClasses];

    /// <summary>The version this build reads and writes.</summary>
    public static int Current => Migrations.Length;

    /// <summary>Brings the file to <see cref="Current"/>, each version in a transaction of its own.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        for (var version = Version(connection); version < Current; version++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            Execute(connection, Migrations[version], transaction);
            Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1};", transaction);
            transaction.Commit();
        }
    }

    public static int Version(SqliteConnection connection) => (int)Number(connection, "PRAGMA user_version");

    public static long Number(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return (long)statement.One()!;
    }

    /// <param name="sql">Constant text of this assembly, never a value from outside.</param>
    public static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants only, see above
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
