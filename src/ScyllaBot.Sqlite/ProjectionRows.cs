using Microsoft.Data.Sqlite;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Sqlite;

/// <summary>Writes the rows that follow from a fold: job, step, approval, held, lease.</summary>
internal sealed class ProjectionRows : IDisposable
{
    private readonly Statement insertJob;
    private readonly Statement updateJob;
    private readonly Statement step;
    private readonly Statement approval;
    private readonly Statement noApproval;
    private readonly Statement held;
    private readonly Statement notHeld;
    private readonly Statement lease;

    public ProjectionRows(SqliteConnection connection)
    {
        Debts = new DebtRows(connection);
        insertJob = new Statement(connection, """
            INSERT INTO job (
              id, request_id, cluster, workflow, title, operator_id, operator_name, created, targets,
              state, outcome, updated, sequence, held)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """, 14);
        updateJob = new Statement(
            connection, "UPDATE job SET state = $1, outcome = $2, updated = $3, sequence = $4, held = $5, operator_id = $6, operator_name = $7 WHERE id = $0", 8);
        step = new Statement(connection, """
            INSERT INTO step (job, path, node, status, attempt, failures, first_started, deadline, retry_at, updated, why)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (job, path, node) DO UPDATE SET status = excluded.status, attempt = excluded.attempt, failures = excluded.failures,
              first_started = excluded.first_started, deadline = excluded.deadline, retry_at = excluded.retry_at,
              updated = excluded.updated, why = excluded.why
            """, 11);
        approval = new Statement(connection, """
            INSERT OR REPLACE INTO approval (job, key, message, plan_hash, expires, needed, given, refused_by, refused_why, expired)
            VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, 10);
        noApproval = new Statement(connection, "DELETE FROM approval WHERE job = $0 AND key = $1", 2);
        held = new Statement(connection, "INSERT OR REPLACE INTO held (job, node, since, step) VALUES ($0, $1, $2, $3)", 4);
        notHeld = new Statement(connection, "DELETE FROM held WHERE job = $0 AND node = $1", 2);
        lease = new Statement(connection, "INSERT OR REPLACE INTO lease (cluster, epoch, job, since, class, exclusive_group) VALUES ($0, $1, $2, $3, $4, $5)", 6);
    }

    public DebtRows Debts { get; }

    public void Write(JobChange change)
    {
        var job = change.After;
        WriteJob(job, change.IsNew);
        foreach (var key in change.Steps)
        {
            WriteStep(job.Id, job.Steps[key]);
        }

        foreach (var key in change.Approvals)
        {
            WriteApproval(job, key);
        }

        foreach (var node in change.Nodes)
        {
            if (job.Held.GetValueOrDefault(node) is { } now)
            {
                held.Run(job.Id.Value, node, Columns.Text(now.Since), now.Key.Path);
            }
            else
            {
                notHeld.Run(job.Id.Value, node);
            }
        }
    }

    public void Write(Lease row) => 
        lease.Run(row.Cluster, row.Epoch, row.Job?.Value, Columns.Text(row.Since), row.Class?.ToString(), row.Group);

    public void Dispose()
    {
        foreach (var statement in new[] { insertJob, updateJob, step, approval, noApproval, held, notHeld, lease })
        {
            statement.Dispose();
        }

        Debts.Dispose();
    }

    private void WriteJob(Job job, bool isNew)
    {
        var (id, birth, state, outcome) = (job.Id.Value, job.Birth, job.State.ToString(), job.End?.Outcome.ToString());
        if (isNew)
        {
            insertJob.Run(
                id, birth.RequestId, birth.Cluster, birth.WorkflowName, birth.Title, job.Owner.Id, job.Owner.Name,
                Columns.Text(birth.At), birth.Targets.Length, state, outcome, Columns.Text(job.Updated), job.Sequence, job.Held.Count);
        }
        else
        {
            updateJob.Run(id, state, outcome, Columns.Text(job.Updated), job.Sequence, job.Held.Count, job.Owner.Id, job.Owner.Name);
        }
    }

    // A cluster step has no node; the key's column is empty then, because a primary key takes no NULL here.
    private void WriteStep(JobId job, StepState s) => step.Run(
        job.Value, s.Key.Path, s.Key.Node ?? "", s.Status.ToString(), s.Attempt, s.Failures, Columns.Text(s.FirstStarted),
        Columns.Text(s.Deadline), Columns.Text(s.RetryAt), Columns.Text(s.Updated), s.Why);

    private void WriteApproval(Job job, string key)
    {
        if (job.Approvals.GetValueOrDefault(key) is not { } a)
        {
            noApproval.Run(job.Id.Value, key);
            return;
        }

        approval.Run(
            job.Id.Value, key, a.Asked.Message, a.Asked.PlanHash, Columns.Text(a.Asked.Expires), a.Asked.Count, a.Given.Length,
            a.RefusedBy?.Id, a.RefusedWhy, a.Expired ? 1 : 0);
    }
}
