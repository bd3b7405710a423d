using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>The debts' table.</summary>
internal sealed class DebtRows : IDisposable
{
    private const string ReadSql = """
        SELECT id, cluster, job, step, kind, subject, what, opened, deadline, nature, undo_task, undo_node, undo_inputs, undo_by_itself, paid, paid_by, paid_why, told
        FROM debt WHERE ($0 IS NULL OR cluster = $0) AND ($1 = 0 OR paid IS NULL) ORDER BY opened, id LIMIT $2
        """;

    private readonly Statement insert;
    private readonly Statement pay;
    private readonly Statement tell;

    public DebtRows(SqliteConnection connection)
    {
        insert = new Statement(connection, """
            INSERT INTO debt (id, cluster, job, step, kind, subject, what, opened, deadline, nature, undo_task, undo_node, undo_inputs, undo_by_itself)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """, 14);
        pay = new Statement(connection, "UPDATE debt SET paid = $1, paid_by = $2, paid_why = $3 WHERE id = $0 AND paid IS NULL", 4);
        tell = new Statement(connection, "UPDATE debt SET told = coalesce(told, $1) WHERE id = $0", 2);
    }

    public void Write(DebtChange change)
    {
        foreach (var d in change.Opened)
        {
            insert.Run(
                d.Id, d.Cluster, d.Job.Value, d.Step?.ToString(), d.Kind.ToString(), d.Subject, d.What, Columns.Text(d.Opened), Columns.Text(d.Deadline),
                d.Nature.ToString(), d.Undo.Task, d.Undo.Node, Inputs(d.Undo), d.Undo.ByItself ? 1 : 0);
        }

        foreach (var p in change.Paid)
        {
            pay.Run(p.Id, Columns.Text(p.At), p.By, p.Why);
        }

        foreach (var (id, at) in change.Told)
        {
            tell.Run(id, Columns.Text(at));
        }
    }

    public static ImmutableArray<Debt> Read(SqliteConnection connection, DebtFilter filter)
    {
        using var statement = new Statement(connection, ReadSql, 3);
        return [.. statement.Many(Row, filter.Cluster, filter.OpenOnly ? 1 : 0, Math.Max(0, filter.Limit))];
    }

    public void Dispose()
    {
        insert.Dispose();
        pay.Dispose();
        tell.Dispose();
    }

    private static string Inputs(DebtUndo undo) => JsonSerializer.Serialize(undo.Inputs.Select(i => new[] { i.Key, i.Value }));

    private static Debt Row(SqliteDataReader row)
    {
        var inputs = JsonSerializer.Deserialize<string[][]>(row.GetString(12))!.ToImmutableSortedDictionary(i => i[0], i => i[1], StringComparer.Ordinal);
        return new Debt(
            row.GetString(0), row.GetString(1), new JobId(row.GetString(2)), row.TextOrNull(3) is { } step ? StepKey.Parse(step) : null,
            Enum.Parse<DebtKind>(row.GetString(4)), row.GetString(5), row.GetString(6), row.Time(7), row.Time(8), Enum.Parse<DebtNature>(row.GetString(9)),
            new DebtUndo(row.GetString(10), row.TextOrNull(11), inputs, row.GetInt32(13) == 1))
        {
            Payment = row.TimeOrNull(14) is { } at ? new DebtPayment(row.GetString(0), at, row.GetString(15), row.GetString(16)) : null,
            Told = row.TimeOrNull(17),
        };
    }
}
