using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// A job does not end well while it owes something. What is quick and harmless it pays itself, after its always steps; for the rest it halts with
/// the list, and pays it when somebody says go on. An aborted job tries what is quick, then ends: what stays open belongs to the cluster.
/// </summary>
internal sealed class DebtsAtEnd(JobRun run, IFanOut fanOut)
{
    private const int Retries = 3;
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(30);

    private bool IsAborting => run.Job.Abort is not null;

    /// <returns>False when the job may not end now.</returns>
    public async Task<bool> SettleAsync()
    {
        await StrikeOffAsync();
        foreach (var debt in run.Job.Owed.Where(d => d.Undo.ByItself || run.Job.PaysAll).ToArray())
        {
            await PayAsync(debt);
        }

        if (IsAborting || !run.Job.Owed.Any())
        {
            return true;
        }

        await run.AppendAsync(job => job.State == JobState.Running && job.Owed.Any() ? [HaltOf(job)] : []);
        return false;
    }

    /// <summary>What another job paid, or somebody by hand while this one was not at work, is in the store and not in this journal.</summary>
    private async Task StrikeOffAsync()
    {
        var listed = run.Job.Debts;
        if (listed.IsEmpty)
        {
            return;
        }

        // Those of before the question only: what is opened meanwhile is not in the answer.
        var open = (await run.Ports.Store.DebtsAsync(new DebtFilter(run.Job.Cluster, Limit: 10_000), run.HostStopping)).Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        await run.AppendAsync(job => [.. job.Debts.Values.Where(d => listed.ContainsKey(d.Id) && !open.Contains(d.Id))
            .Select(d => (JobEvent)new DebtPaid(run.Time.GetUtcNow(), d.Id, d.Kind, d.Subject, null, "paid outside this job"))]);
    }

    private Halted HaltOf(Job job)
    {
        var owed = job.Owed.ToArray();
        return new Halted(
            run.Time.GetUtcNow(), Job.DebtsKey, true,
            $"every step passed, but the job owes: {string.Join("; ", owed.Take(5).Select(DebtWords.Line))}{(owed.Length > 5 ? $"; and {owed.Length - 5} more" : "")}",
            "No node is down by this job. Retry pays all of it now; abort ends the job and leaves it to the cluster.");
    }

    private async Task PayAsync(Debt debt)
    {
        // Its place in the journal names it, so that a host that takes over goes on with the same step.
        var path = $"p{debt.Id[(debt.Id.LastIndexOf('-') + 1)..]}";
        var (loaded, errors) = run.Bound.UndoOf(debt.Undo);
        var outer = loaded?.Workflow.ClusterTasks[0];
        if (loaded is null || (outer!.Task is NodeWorkflow && run.Bound.Cluster.Find(debt.Undo.Node ?? "") is null))
        {
            new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, path, null).Write($"Can not be paid by itself: {debt.Undo}: {string.Join("; ", errors)}");
            return;
        }

        if (outer.Task is NodeWorkflow)
        {
            var node = run.Bound.Cluster.Find(debt.Undo.Node!)!;
            await RunAsync(debt, loaded.NodeTasksFor("1", node)[0], new StepKey(path, node.Name), context => new NodeContext(context, node));
        }
        else
        {
            await RunAsync(debt, outer, new StepKey(path, null), context => context);
        }
    }

    private Task RunAsync<TContext>(Debt debt, Step<TContext> undo, StepKey key, Func<ClusterContext, TContext> focus)
        where TContext : ClusterContext
    {
        var step = undo with { Retries = Retries, RetryDelay = Delay, OnFailure = IsAborting ? OnFailure.Continue : OnFailure.Halt };
        return new StepRunner<TContext>(run, step, key, attempt => focus(run.Context(key, attempt, fanOut) with { IsWayOut = () => true }))
        {
            IsRescue = true,
            WithSuccess = job => job.Debts.ContainsKey(debt.Id)
                ? [new DebtPaid(run.Time.GetUtcNow(), debt.Id, debt.Kind, debt.Subject, null, $"step {key}")] : [],
        }.RunAsync();
    }
}
