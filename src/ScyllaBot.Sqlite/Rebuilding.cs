using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>Makes the projections again from the journal, or says where they differ from it. Inside the committer's transaction.</summary>
internal static class Rebuilding
{
    private const string BotDebtsSql =
        "SELECT sequence, kind, version, body FROM event WHERE stream = 'bot' AND kind IN ('debt_settled', 'debt_overdue') ORDER BY sequence";

    private const string BotLeasesSql = "SELECT sequence, kind, version, body FROM event WHERE stream = 'bot' AND kind = 'footprints_acknowledged' ORDER BY sequence";

    private static readonly ImmutableArray<string> Tables = ["debt", "lease", "held", "approval", "step", "job"];

    /// <returns>Jobs rebuilt.</returns>
    public static int Run(SqliteConnection connection, ProjectionRows rows)
    {
        // Outbox rows refer to jobs that are gone for a moment; the check waits until COMMIT.
        Schema.Execute(connection, "PRAGMA defer_foreign_keys = ON");
        foreach (var table in Tables)
        {
            Schema.Execute(connection, $"DELETE FROM {table}");
        }

        using var streams = new Statement(connection, "SELECT DISTINCT stream FROM event WHERE stream LIKE 'job/%'");
        using var events = new Statement(connection, Queries.EventsSql, 2);
        var leases = new List<(JobId, JobEvent)>();
        var debts = new List<DebtChange>();
        var jobs = streams.Many(row => new StreamId(row.GetString(0)));
        foreach (var stream in jobs)
        {
            var id = new JobId(stream.Value["job/".Length..]);
            var journal = events.Many(row => (JobEvent)Queries.Entry(stream, row).Event, stream.Value, 0L);
            var job = Job.From(id, journal);
            rows.Write(Projection.Whole(job));
            debts.Add(DebtProjection.Of(id, job.Cluster, journal.Select((e, i) => (i + 1L, (JournalEvent)e))));
            leases.AddRange(journal.Where(e => e is LeaseTaken or LeaseReleased or Unlocked).Select(e => (id, e)));
        }

        using var settled = new Statement(connection, BotDebtsSql);
        debts.Add(DebtProjection.Of(null, null, settled.Many(row => Queries.Entry(StreamId.Bot, row)).Select(e => (e.Sequence, e.Event))));
        rows.Debts.Write(DebtProjection.Merge(debts));
        using var raised = new Statement(connection, BotLeasesSql);
        var said = raised.Many(row => Queries.Entry(StreamId.Bot, row).Event).Cast<FootprintsAcknowledged>();
        foreach (var lease in Projection.Leases(leases, said).Values)
        {
            rows.Write(lease);
        }

        return jobs.Count;
    }

    /// <returns>Rows that should not be there (<c>-</c>) and rows that are missing (<c>+</c>); empty when all is well.</returns>
    public static ImmutableArray<string> Compare(SqliteConnection connection, ProjectionRows rows)
    {
        var found = Dump(connection);
        Schema.Execute(connection, "SAVEPOINT compare");
        try
        {
            Run(connection, rows);
            var right = Dump(connection);
            return [.. found.Except(right).Select(r => $"- {r}"), .. right.Except(found).Select(r => $"+ {r}")];
        }
        finally
        {
            Schema.Execute(connection, "ROLLBACK TO compare; RELEASE compare");
        }
    }

    private static ImmutableSortedSet<string> Dump(SqliteConnection connection)
    {
        var dump = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var table in Tables)
        {
            using var all = new Statement(connection, $"SELECT * FROM {table}");
            dump.UnionWith(all.Many(row => $"{table}: {string.Join(" | ", Enumerable.Range(0, row.FieldCount).Select(row.GetValue))}"));
        }

        return dump.ToImmutable();
    }
}
