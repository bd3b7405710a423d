using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Tasks;
using ScyllaBot.Core.Tasks;
using ScyllaBot.Core.Workflows;

namespace ScyllaBot.Core.Jobs;

/// <summary>Runs one step to its end: approval, preconditions, hold, attempt, retries, all of it in the journal.</summary>
/// <typeparam name="TContext">Cluster or node.</typeparam>
internal sealed partial class StepRunner<TContext>(JobRun run, Step<TContext> step, StepKey key, Func<int, TContext> contextOf)
    where TContext : ClusterContext
{
    /// <summary>R15: what was proved longer ago is proved again.</summary>
    private static readonly TimeSpan ProofAge = TimeSpan.FromSeconds(5);

    private readonly List<ReceiptBook> _receipts = [];

    // Of this attempt: a resume puts a new one in the run, but what was cut by the old one was cut.
    private CancellationToken _waits;

    // A restore or always step must run while the job is halted or aborting.
    public bool IsRescue { get; init; }

    /// <summary>Written together with the step's success: the node's release after its last health wait.</summary>
    public Func<Job, ImmutableArray<JobEvent>> WithSuccess { get; init; } = _ => [];

    /// <summary>What is to be known of the node before it is first held; journalled together with that.</summary>
    public Func<TContext, CancellationToken, Task<ImmutableArray<JobEvent>>> BeforeHeld { get; init; } = (_, _) => Task.FromResult(ImmutableArray<JobEvent>.Empty);

    // A one-off task's log reads as the article's; among several steps each line says which.
    private string Prefix => run.Bound.IsOneStep ? "" : $"{step.Title}: ";

    private bool IsHeld => key.Node is { } node && run.Job.Held.ContainsKey(node);

    private bool HoldsNode => step.Tag.Direction == Direction.TakesDown && key.Node is not null && !IsRescue;

    public async Task RunAsync()
    {
        while (!run.Job.HasPassed(key))
        {
            ThrowIfParked();
            await AwaitRetryTimeAsync();
            if (await IsPassedOverAsync())
            {
                break;
            }

            await AwaitApprovalAsync();
            await AwaitRenewalAsync();
            await AwaitGateAsync();
            await AwaitUnderAsync();
            await AttemptAsync();
        }

        if (run.Job.Step(key) is { Status: StepStatus.Succeeded })
        {
            await ReceiptRelease.OfAsync(run, key, _receipts.SelectMany(r => r).Distinct());
        }
    }

    // A rescue goes on under abort-now: it is what abort-now calls for.
    private CancellationToken WaitToken => IsRescue ? CancellationToken.None : IsHeld || run.Job.HasOpenUnit(key) ? run.Hard : run.Unheld;

    // R5: a command that would go on at the node is waited for; abort-now cuts only the waits. The host's own end cuts everything.
    private CancellationToken WorkToken =>
        IsRescue || step.Tag.Interruptible != Interruptible.Yes ? CancellationToken.None : run.Hard;

    private bool IsCut =>
        run.Cut.IsCancellationRequested || run.Job.IsUnlocked || _waits.IsCancellationRequested || WorkToken.IsCancellationRequested;

    private bool MayRun(Job job) =>
        !job.IsUnlocked && (IsRescue || job.MayBegin(key) || (job.HasOpenUnit(key) && job.Abort is not { Now: true }));

    private void ThrowIfParked()
    {
        run.HostStopping.ThrowIfCancellationRequested();
        if (!MayRun(run.Job))
        {
            throw new ParkedException($"{key}: the job is {run.Job.State}");
        }
    }

    private async Task AwaitRetryTimeAsync()
    {
        if (run.Job.Step(key) is { Status: StepStatus.Failed, RetryAt: { } at } && at - run.Time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            using var token = CancellationTokenSource.CreateLinkedTokenSource(WaitToken, run.Cut);
            await ParkOnCancelAsync(() => Task.Delay(left, run.Time, token.Token));
        }
    }

    private async Task AwaitApprovalAsync()
    {
        if (step.Approval is { } gate)
        {
            await ParkOnCancelAsync(() => new ApprovalWait(run, key, gate).ForAsync(WaitToken));
        }
    }

    private async Task AttemptAsync()
    {
        var now = run.Time.GetUtcNow();
        var (mayRun, isBeside) = (false, false);
        await run.AppendAsync(job =>
        {
            if (!(mayRun = MayRun(job)) || (isBeside = IsBeside(job)))
            {
                return [];
            }

            var attempt = StepState.AttemptAfter(job.Step(key));

            // R5: on the way out of a job what is under way is followed to its end, however long it takes.
            var deadline = job.Abort is not null && job.HasOpenUnit(key) ? null : job.Step(key)?.Deadline ?? (step.Timeout is { } timeout ? now + timeout : null);
            return [new StepStarted(now, key, attempt, deadline)];
        });
        ThrowIfParked();
        if (!mayRun)
        {
            // It may run again by now, but this attempt was not begun.
            throw new ParkedException($"{key}: the job was not running");
        }

        if (isBeside)
        {
            return;
        }

        _waits = WaitToken;
        var state = run.Job.Step(key)!;
        var context = contextOf(state.Attempt);
        _receipts.Add(context.Receipts);
        try
        {
            await WithinDeadlineAsync(state.Deadline, async deadline =>
            {
                await PrepareAsync(context, deadline);
                await ExecuteAsync(context, deadline);
            });
            await run.AppendAsync(job => [new StepSucceeded(run.Time.GetUtcNow(), key, state.Attempt), .. WithSuccess(job)]);
        }
        catch (OperationCanceledException) when (IsCut)
        {
            await InterruptedAsync(state.Attempt);
        }
        catch (ParkedException parked) when (parked.IsAtSeam || (HoldsNode && !IsHeld))
        {
            await UnbegunAsync(state.Attempt, parked.Message);
            throw;
        }
        catch (Exception failure) when (failure is not (ParkedException or NodeSkippedException or JobLostException or IllegalTransitionException))
        {
            context.Log.Write($"{Prefix}Failed: {failure.Message}");
            await new StepFailure<TContext>(run, step, key, IsHeld) { IsRescue = IsRescue }.RecordAsync(state.Attempt, failure, context.Receipts.UnsettledAfter(failure));
        }
    }

    private async Task PrepareAsync(TContext context, CancellationToken deadline)
    {
        var preconditions = HoldsNode && IsHeld ? UnlessOut<TContext>.Over(step.Task.Preconditions) : step.Task.Preconditions;
        if (!HoldsNode || IsHeld)
        {
            // What is under way is looked after, whatever became of the cluster meanwhile.
            await CheckAsync(context, run.Job.HasOpenUnit(key) ? [] : preconditions, deadline);
            return;
        }

        using var link = Linked(_waits, deadline);
        using (await run.TakeDown.EnterAsync(link.Token))
        {
            await CheckAsync(context, preconditions, deadline);
            var began = run.Time.GetUtcNow();
            var known = await BeforeHeld(context, link.Token);
            if (run.Time.GetUtcNow() - began > ProofAge)
            {
                await CheckAsync(context, preconditions, deadline);
            }

            await run.Guards.LookAsync(link.Token, isTakeDown: true);
            ThrowIfParked();
            if (await run.Gates.ReadAsync(takesDown: true, link.Token) is { } gate)
            {
                throw new ParkedException($"{key}: {gate.Why}");
            }

            // R20: a halt of everything that nobody has told this job yet counts as well.
            await run.AppendAsync(job => job.State != JobState.Running ? []
                : run.Engine.StandsAbove(job.Cluster) is { } stands ? [stands]
                : [.. known, new NodeHeld(run.Time.GetUtcNow(), key.Node!, key)]);
            ThrowIfParked();
            if (!IsHeld)
            {
                throw new ParkedException($"{key}: the job was not running");
            }

            _waits = WaitToken;
        }
    }

    private async Task CheckAsync(TContext context, IReadOnlyList<ICondition<TContext>> preconditions, CancellationToken deadline)
    {
        if (preconditions.Count > 0)
        {
            using var link = Linked(_waits, deadline);
            await context.Wait.ForAsync(preconditions, context, link.Token);
            context.Log.Write("All conditions passed");
        }
    }

    private async Task ExecuteAsync(TContext context, CancellationToken deadline)
    {
        // The last moment at which a cut is free.
        _waits.ThrowIfCancellationRequested();
        var isSpoken = step.Task is not NodeWorkflow || !run.Bound.IsOneStep;
        if (isSpoken)
        {
            context.Log.Write($"{Prefix}Start");
        }

        var began = run.Time.GetUtcNow();
        using var link = Linked(WorkToken, deadline);
        await step.Task.ExecuteAsync(context, link.Token);
        if (isSpoken)
        {
            context.Log.Write($"{Prefix}Finished   duration={StepLog.Took(run.Time.GetUtcNow() - began)}");
        }
    }

    private CancellationTokenSource Linked(CancellationToken first, CancellationToken second) =>
        CancellationTokenSource.CreateLinkedTokenSource(first, second, run.Cut);

    private static async Task ParkOnCancelAsync(Func<Task> wait)
    {
        try
        {
            await wait();
        }
        catch (OperationCanceledException)
        {
            throw new ParkedException("the wait was ended");
        }
    }
}
