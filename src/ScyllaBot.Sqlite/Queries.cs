using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>Reads, each on a connection of its own reader.</summary>
internal static class Queries
{
    public const string EventsSql = "SELECT sequence, kind, version, body FROM event WHERE stream = $0 AND sequence > $1 ORDER BY sequence";
    public const string ByRequestSql = "SELECT id FROM job WHERE request_id = $0";
    public const string LeaseSql = "SELECT cluster, epoch, job, since, class, exclusive_group FROM lease WHERE cluster = $0";
    public const string HeldLeasesSql = "SELECT cluster, epoch, job, since, class, exclusive_group FROM lease WHERE job IS NOT NULL ORDER BY cluster";
    private const string OutboxSql = "SELECT job, sequence, item, kind, channel, payload, first_tried, message FROM outbox";

    // Rows of the bot's own stream bear its name instead of a job's.
    private const string OldestSql = """
        SELECT e.sequence, e.kind, e.version, e.body FROM outbox o
        JOIN event e ON e.stream = CASE o.job WHEN 'bot' THEN 'bot' ELSE 'job/' || o.job END AND e.sequence = o.sequence
        WHERE o.message IS NULL ORDER BY o.id LIMIT 1
        """;

    private const string JobsSql = """
        SELECT id, cluster, workflow, title, state, outcome, operator_id, operator_name, created, updated, targets, held FROM job
        WHERE ($0 IS NULL OR cluster = $0) AND ($1 = 0 OR state <> 'Ended') ORDER BY created DESC, id DESC LIMIT $2
        """;

    public static ImmutableArray<JournalEntry> Events(SqliteConnection connection, StreamId stream, long after) =>
        All(connection, EventsSql, row => Entry(stream, row), stream.Value, after);

    public static ImmutableArray<JobSummary> Jobs(SqliteConnection connection, JobFilter filter) =>
        All(connection, JobsSql, Summary, filter.Cluster, filter.OpenOnly ? 1 : 0, Math.Max(0, filter.Limit));

    public static JobId? ByRequest(SqliteConnection connection, string requestId) =>
        All<JobId?>(connection, ByRequestSql, row => new JobId(row.GetString(0)), requestId).SingleOrDefault();

    public static Lease? Lease(SqliteConnection connection, string cluster) => All(connection, LeaseSql, Lease, cluster).SingleOrDefault();

    public static ImmutableArray<OutboxRow> PendingOutbox(SqliteConnection connection, int limit) =>
        All(connection, $"{OutboxSql} WHERE message IS NULL ORDER BY id LIMIT $0", Outbox, Math.Max(0, limit));

    public static ImmutableArray<OutboxRow> OutboxOf(SqliteConnection connection, JobId job) =>
        All(connection, $"{OutboxSql} WHERE job = $0 ORDER BY sequence, item", Outbox, job.Value);

    /// <summary>How many rows wait, and when the event of the oldest happened.</summary>
    public static OutboxBacklog Backlog(SqliteConnection connection)
    {
        var rows = (int)Schema.Number(connection, "SELECT count(*) FROM outbox WHERE message IS NULL");
        return new OutboxBacklog(rows, rows == 0 ? null : All(connection, OldestSql, row => Entry(StreamId.Bot, row).Event.At).Cast<DateTimeOffset?>().FirstOrDefault());
    }

    public static string? Note(SqliteConnection connection, string key) =>
        All(connection, "SELECT value FROM note WHERE key = $0", row => row.GetString(0), key).SingleOrDefault();

    public static JournalEntry Entry(StreamId stream, SqliteDataReader row) =>
        new(stream, row.GetInt64(0), JournalCodec.Read(new WrittenEvent(row.GetString(1), row.GetInt32(2), row.GetString(3))));

    public static Lease Lease(SqliteDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), row.TextOrNull(2) is { } job ? new JobId(job) : null, row.Time(3))
        {
            Class = row.TextOrNull(4) is { } held ? Enum.Parse<LeaseClass>(held) : null, Group = row.TextOrNull(5),
        };

    private static JobSummary Summary(SqliteDataReader row) => new(
        new JobId(row.GetString(0)), row.GetString(1), row.GetString(2), row.GetString(3), Enum.Parse<JobState>(row.GetString(4)),
        row.TextOrNull(5) is { } outcome ? Enum.Parse<JobOutcome>(outcome) : null, new Person(row.GetString(6), row.GetString(7)),
        row.Time(8), row.Time(9), row.GetInt32(10), row.GetInt32(11));

    private static OutboxRow Outbox(SqliteDataReader row) => new(
        new JobId(row.GetString(0)), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.TimeOrNull(6), row.TextOrNull(7));

    private static ImmutableArray<T> All<T>(
        SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var statement = new Statement(connection, sql, values.Length);
        return [.. statement.Many(row, values)];
    }
}
