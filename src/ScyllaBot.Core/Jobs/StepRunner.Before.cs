using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Jobs;

internal sealed partial class StepRunner<TContext>
{
    /// <summary><c>skip_when</c>: looked at before each attempt that does not go on with one begun earlier.</summary>
    private async Task<bool> IsPassedOverAsync()
    {
        var state = run.Job.Step(key);
        if (step.SkipWhen.Count == 0 || run.Job.HasOpenUnit(key) || state is { Status: StepStatus.Started or StepStatus.Interrupted })
        {
            return false;
        }

        var context = contextOf(StepState.AttemptAfter(state));
        if (await SkipCheck.WhyAsync(step.SkipWhen, context, run.HostStopping) is not { } why)
        {
            return false;
        }

        await run.AppendAsync(job => MayRun(job) ? [new StepPassedOver(run.Time.GetUtcNow(), key, why), .. WithSuccess(job)] : []);
        ThrowIfParked();
        return run.Job.HasPassed(key);
    }

    /// <summary>
    /// R15: a drift voids the start's approval for what has not begun. A node that is held comes to its end, and what brings a node up, only looks or puts
    /// back what we suspended asks nobody (R3, R4).
    /// </summary>
    private async Task AwaitRenewalAsync()
    {
        var asks = !IsRescue && step.Tag.Risk != Risk.None && step.Tag.Direction != Direction.BringsUp && RepairRounds.StepAt(key.Path) is null;
        while (asks && !IsHeld && run.Job.Step(key) is null && run.Job.VoidStart is { } start)
        {
            await ParkOnCancelAsync(() => ApprovalWait.AfterDrift(run, key, start).ForAsync(WaitToken));
            ThrowIfParked();
        }
    }

    /// <summary>A cluster step waits for its time before its attempt begins; a node's turn comes only then (see <see cref="NodeRollout"/>).</summary>
    private async Task AwaitGateAsync()
    {
        if (IsRescue || key.Node is not null || !RepairRounds.Disrupts(step.Task, step.Tag))
        {
            return;
        }

        var began = run.Time.GetUtcNow();
        try
        {
            while (await run.Gates.ReadAsync(step.Tag.Direction == Direction.TakesDown, run.HostStopping) is { } gate)
            {
                run.Report(key, "Its time", new LiveWait(key, "Its time", gate.Why, TimeSpan.Zero, TimeSpan.Zero, began, DateTimeOffset.MaxValue, null, null));
                using var link = CancellationTokenSource.CreateLinkedTokenSource(WaitToken, run.HostStopping);
                await ParkOnCancelAsync(() => Task.Delay(gate.Look, run.Time, link.Token));
            }
        }
        finally
        {
            run.Report(key, "Its time", null);
        }
    }

    /// <summary>R18: a task under this job changes the node now; two hands on one machine would each find it half done.</summary>
    private bool IsBeside(Job job) => key.Node is { } node && step.Tag.Risk != Risk.None && job.Unders.Values.Any(u => u.IsAtWork && u.Asked.Node == node);

    private async Task AwaitUnderAsync()
    {
        while (IsBeside(run.Job))
        {
            var changed = run.Changed.Next;
            ThrowIfParked();
            if (IsBeside(run.Job))
            {
                await ParkOnCancelAsync(() => changed.WaitAsync(run.HostStopping));
            }
        }

        ThrowIfParked();
    }

    /// <summary>What it waits for now is no fault of the step: its patience begins anew when it is entered again.</summary>
    private Task UnbegunAsync(int attempt, string why) => run.AppendAsync(job =>
        job.Step(key) is { Status: StepStatus.Started } && JobTransitions.After(job.State, new StepInterrupted(default, key, attempt, why)) is not null
            ? [new StepInterrupted(run.Time.GetUtcNow(), key, attempt, why) { IsUnbegun = true }] : []);

    private async Task InterruptedAsync(int attempt)
    {
        var why = run.HostStopping.IsCancellationRequested ? "the host stops" : run.Job.IsUnlocked ? "the lease was taken away" : run.Hard.IsCancellationRequested ? "abort now" : "no longer running";
        await run.AppendAsync(job => JobTransitions.After(job.State, new StepInterrupted(default, key, attempt, why)) is null
            ? [] : [new StepInterrupted(run.Time.GetUtcNow(), key, attempt, why)]);
        throw new ParkedException($"{key}: {why}");
    }

    private async Task WithinDeadlineAsync(DateTimeOffset? deadline, Func<CancellationToken, Task> work)
    {
        if (deadline is not { } at)
        {
            await work(CancellationToken.None);
            return;
        }

        var left = at - run.Time.GetUtcNow();
        using var timer = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, run.Time);
        try
        {
            await work(timer.Token);
        }
        catch (OperationCanceledException late) when (timer.IsCancellationRequested && !IsCut)
        {
            throw new UnrecoverableException($"{step.Title} did not finish by its deadline {at:HH:mm:ss}", late);
        }
    }
}
