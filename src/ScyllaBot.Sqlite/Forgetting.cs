using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>Removes what is old enough and what nothing refers to any more. Inside the committer's transaction.</summary>
internal static class Forgetting
{
    private const int AuditedPerJob = 100;
    private const string AuditedKind = "audited";

    private static readonly ImmutableArray<string> OfJob =
    [
        "DELETE FROM step WHERE job = $0", "DELETE FROM approval WHERE job = $0", "DELETE FROM held WHERE job = $0", "DELETE FROM debt WHERE job = $0",
        "DELETE FROM outbox WHERE job = $0", "DELETE FROM job WHERE id = $0", "DELETE FROM event WHERE stream = 'job/' || $0",
        "DELETE FROM note WHERE key IN ('stuck/' || $0, 'card/' || $0)",
    ];

    public static ForgetOutcome Run(SqliteConnection connection, IStoredFacts facts, RetentionCut cut, int limit)
    {
        using var old = new Statement(connection, "SELECT id FROM job WHERE state = 'Ended' AND updated < $0 ORDER BY updated, id", 1);
        var gone = ImmutableArray.CreateBuilder<JobId>();
        foreach (var job in old.Many(row => new JobId(row.GetString(0)), Columns.Text(cut.JobsBefore)))
        {
            if (gone.Count == limit)
            {
                break;
            }

            if (WhyKept(connection, facts, job, cut.JobsBefore) is null)
            {
                Remove(connection, job);
                gone.Add(job);
            }
        }

        var audited = Audited(connection, cut.AuditBefore, limit * AuditedPerJob);
        return new ForgetOutcome(gone.ToImmutable(), audited, gone.Count < limit && audited < limit * AuditedPerJob);
    }

    private static string? WhyKept(SqliteConnection connection, IStoredFacts facts, JobId id, DateTimeOffset before)
    {
        ImmutableArray<JobEvent> journal;
        Job job;
        try
        {
            journal = [.. Queries.Events(connection, StreamId.Of(id), 0).Select(e => (JobEvent)e.Event)];
            job = Job.From(id, journal);
        }
        catch (Exception unreadable) when (unreadable is UnreadableEventException or IllegalTransitionException)
        {
            // Another version may read it; what nobody understands is not thrown away.
            return unreadable.Message;
        }

        using var ties = new Statement(connection, "SELECT id, job, paid IS NULL FROM debt WHERE job = $0 OR id IN (SELECT value FROM json_each($1))", 2);
        var debts = ties.Many(
            row => new DebtTie(row.GetString(0), new JobId(row.GetString(1)), row.GetBoolean(2)), id.Value, System.Text.Json.JsonSerializer.Serialize(Retention.PaidBy(journal)));
        using var unsent = new Statement(connection, "SELECT count(*) FROM outbox WHERE job = $0 AND message IS NULL", 1);
        return Retention.WhyKept(job, journal, before, facts.Lease(job.Cluster), debts, (long)unsent.One(id.Value)! > 0);
    }

    private static void Remove(SqliteConnection connection, JobId job)
    {
        foreach (var sql in OfJob)
        {
            using var statement = new Statement(connection, sql, 1);
            statement.Run(job.Value);
        }
    }

    // Never the stream's last entry: the next one is counted from it.
    private static int Audited(SqliteConnection connection, DateTimeOffset before, int limit)
    {
        using var oldest = new Statement(
            connection, """
            SELECT sequence, kind, version, body FROM event
            WHERE stream = 'bot' AND kind = $0 AND sequence < (SELECT max(sequence) FROM event WHERE stream = 'bot') ORDER BY sequence LIMIT $1
            """, 2);
        using var remove = new Statement(connection, "DELETE FROM event WHERE stream = 'bot' AND sequence = $0", 1);
        var old = oldest.Many(row => Queries.Entry(StreamId.Bot, row), AuditedKind, limit).TakeWhile(e => Retention.MayGo(e.Event, before)).ToArray();
        return old.Sum(entry => remove.Run(entry.Sequence));
    }
}
