using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>
/// One-off tasks under a job's lease (R18), one after another and beside its own steps: what brings a node up waits for nobody (R4). A host that
/// dies meanwhile enters the same one again, under the same receipts (R11).
/// </summary>
internal sealed class UnderTasks(JobRun run)
{
    /// <summary>Until cancelled or the job has ended. Never throws.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (run.Job.IsOpen)
            {
                var changed = run.Changed.Next;
                if (await DropAsync())
                {
                    continue;
                }

                if (Next is { } task)
                {
                    await DoAsync(task, ct);
                }
                else
                {
                    await changed.WaitAsync(UntilLapse(), ct);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or JobLostException)
        {
            // The journal says how far it came.
        }
    }

    /// <summary>One of them was accepted and has not ended: it is never lost with its job (R18).</summary>
    public static bool AreLeft(Job job) => job.Unders.Values.Any(u => u.IsOpen);

    /// <summary>A job does not end, and does not let its lease go, while one of these is under way.</summary>
    public async Task SettleAsync()
    {
        while (run.Job.Unders.Values.Any(u => u.IsOpen && (u.IsAtWork || IsGranted(u))))
        {
            await run.Changed.Next.WaitAsync(run.HostStopping);
        }

        await run.AppendAsync(job => Ended(job, u => u is { Started: null, Asked.Gate: not null } && !IsGranted(u), "the job had ended first"));
    }

    private UnderState? Next => run.Job.Unders.Values.FirstOrDefault(u => u.IsOpen && (u.IsAtWork || IsGranted(u)));

    private bool IsGranted(UnderState task) => task.Asked.Gate is { } gate && run.Job.Approvals.GetValueOrDefault(gate) is { IsGranted: true };

    private ImmutableArray<JobEvent> Ended(Job job, Func<UnderState, bool> which, string why) =>
        [.. job.Unders.Values.Where(u => u.IsOpen && which(u)).Select(u => new UnderEnded(run.Time.GetUtcNow(), u.Asked.Number, why))];

    /// <summary>What nobody wants any more, refused or did not decide in time.</summary>
    private async Task<bool> DropAsync()
    {
        var before = run.Job.Sequence;
        await run.AppendAsync(job => [.. job.Unders.Values.Where(u => u is { IsOpen: true, Started: null }).Select(u => (Task: u, Why: WhyNever(job, u)))
            .Where(u => u.Why is not null).Select(u => new UnderEnded(run.Time.GetUtcNow(), u.Task.Asked.Number, u.Why))]);
        return run.Job.Sequence > before;
    }

    private string? WhyNever(Job job, UnderState task) => task.Asked.Gate is not { } gate ? null : job.Approvals.GetValueOrDefault(gate) switch
    {
        null => "its approval was voided",
        { RefusedBy: { } by } refused => $"rejected by {by.Name}: {refused.RefusedWhy}",
        { IsOpen: true } open when open.Asked.Expires <= run.Time.GetUtcNow() => "nobody approved it in time",
        _ => WayOut.IsFor(job) ? null : "the job went on",
    };

    private TimeSpan UntilLapse()
    {
        var now = run.Time.GetUtcNow();
        var ends = run.Job.Unders.Values.Where(u => u is { IsOpen: true, Started: null, Asked.Gate: not null })
            .Select(u => run.Job.Approvals.GetValueOrDefault(u.Asked.Gate!)?.Asked.Expires).OfType<DateTimeOffset>().ToArray();
        return ends.Length == 0 ? Timeout.InfiniteTimeSpan : JobLoop.Later(ends.Min() - now);
    }

    private async Task DoAsync(UnderState task, CancellationToken ct)
    {
        var number = task.Asked.Number;
        var receipts = new ReceiptBook();
        string? why = null;
        await run.AppendAsync(job => job.Unders[number].IsOpen ? [new UnderStarted(run.Time.GetUtcNow(), number)] : []);
        try
        {
            using var link = CancellationTokenSource.CreateLinkedTokenSource(ct, run.Cut);
            await WorkAsync(run.Job.Unders[number], receipts, link.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure) when (failure is not JobLostException)
        {
            why = run.Job.IsUnlocked ? "the lease was taken away" : FailureText.Of(failure);
        }

        run.Log($"{task.Asked.Task} under this job by {task.Asked.By.Name}: {why ?? "done"}");
        await run.AppendAsync(job => job.Unders[number].IsOpen ? [new UnderEnded(run.Time.GetUtcNow(), number, why is null ? null : Shortened.To(why, 1000))] : []);
        if (why is null)
        {
            await ReceiptRelease.OfAsync(run, task.Key, receipts);
        }
    }

    private async Task WorkAsync(UnderState task, ReceiptBook receipts, CancellationToken ct)
    {
        var loaded = run.Engine.BindUnder(run.Job, task.Asked, run.Bound.Cluster);
        var context = run.Context(task.Key, 1, new NodeRollout(run, 0)) with
        {
            Receipts = receipts,
            IsWayOut = () => true,
            Wait = new ConditionWait(run.Time, task.Started ?? run.Time.GetUtcNow(), task.Key, new StepLog(run.Ports.Log, run.Time, run.Job.Id.Value, task.Key.Path, task.Key.Node),
                (condition, wait) => run.Report(task.Key, condition, wait)),
        };
        if (task.Asked.Node is not { } name)
        {
            await OneAsync(loaded.Workflow.ClusterTasks[0], context, ct);
            return;
        }

        var node = run.Bound.Cluster.Find(name) ?? throw new UnrecoverableException($"{name} is no longer in the inventory");
        await OneAsync(loaded.NodeTasksFor(JobPaths.Cluster(0), node)[0], new NodeContext(context, node), ct);
    }

    private static async Task OneAsync<TContext>(Step<TContext> step, TContext context, CancellationToken ct)
        where TContext : ClusterContext
    {
        if (step.Task.Preconditions.Count > 0)
        {
            await context.Wait.ForAsync(step.Task.Preconditions, context, ct);
        }

        await step.Task.ExecuteAsync(context, ct);
    }
}
