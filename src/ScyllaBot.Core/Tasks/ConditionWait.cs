using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Core.Tasks;

/// <summary>Polls conditions until each has held for its whole window. One per attempt; it tells watchers what it waits for.</summary>
/// <param name="time">Engine time.</param>
/// <param name="started">The step's first start: what time-outs are counted from, so a restart never resets them (R8).</param>
/// <param name="key">The step.</param>
/// <param name="log">The step's log.</param>
/// <param name="report">Called at each look with what is waited for, and with null when the wait ends.</param>
public sealed class ConditionWait(
    TimeProvider time, DateTimeOffset started, StepKey key, StepLog log, Action<string, LiveWait?> report)
{
    /// <summary>What the step's patience is counted from: its first start, or the last time somebody gave it more.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>The step's very first start, over restarts, attempts and retries by people: what began on a node before it is not the step's own.</summary>
    public DateTimeOffset Begun { get; init; } = started;

    private DateTimeOffset _firstPassed = DateTimeOffset.MaxValue;

    /// <summary>As fresh as R15 wants a proof: older than this, what held is looked at again.</summary>
    private static readonly TimeSpan ProofAge = TimeSpan.FromSeconds(5);

    /// <summary>All of them, holding together: when the last one passes the others are looked at once more, unless they passed just now.</summary>
    public async Task ForAsync<TContext>(IEnumerable<ICondition<TContext>> conditions, TContext context, CancellationToken ct)
    {
        var all = conditions.ToArray();
        do
        {
            await EachAsync(all, context, ct);
        }
        while (!await StillHoldAsync(all, context, ct));
    }

    private async Task<bool> StillHoldAsync<TContext>(ICondition<TContext>[] conditions, TContext context, CancellationToken ct)
    {
        if (conditions.Length < 2 || time.GetUtcNow() - _firstPassed <= ProofAge)
        {
            return true;
        }

        var hold = true;
        foreach (var condition in conditions)
        {
            if (await LookAsync(condition, context, ct) is { } why)
            {
                log.Write($"Condition Check ({condition.Title}): No longer holds: {why}");
                hold = false;
            }
        }

        return hold;
    }

    private async Task EachAsync<TContext>(ICondition<TContext>[] conditions, TContext context, CancellationToken ct)
    {
        _firstPassed = DateTimeOffset.MaxValue;
        using var others = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var waits = conditions.Select(c => CancelOthersOnFailureAsync(ForAsync(c, context, others.Token), others)).ToArray();
        var all = Task.WhenAll(waits);
        try
        {
            await all;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested && all.Exception is { } several)
        {
            throw several.InnerExceptions.First(e => e is not OperationCanceledException);
        }
    }

    /// <summary>One of them. Returns how long it took.</summary>
    /// <exception cref="UnrecoverableException">Its patience ended, with the last reason; or it can never hold any more.</exception>
    public async Task ForAsync<TContext>(ICondition<TContext> condition, TContext context, CancellationToken ct)
    {
        var check = condition as ConditionCheck<TContext> ?? new ConditionCheck<TContext> { Condition = condition };
        var name = check.Title;
        log.Write($"Condition Check ({name}): Start");
        var (begin, givesUp) = (time.GetUtcNow(), Started + check.Timeout);
        var wait = new LiveWait(key, name, null, TimeSpan.Zero, check.SuccessWindow, begin, givesUp, null, null);
        var history = new ReadingHistory();
        var observed = Observing(context, history);
        DateTimeOffset? holdsSince = null;
        try
        {
            while (true)
            {
                var why = await LookAsync(check, observed, ct);
                var now = time.GetUtcNow();
                (holdsSince, wait) = Next(wait with { Readings = history.Close(now) }, why, holdsSince, now);
                report(name, wait);
                if (holdsSince is { } since && now - since >= check.SuccessWindow)
                {
                    break;
                }

                // While it holds its window runs on, also past the time: a bot that was away for long finds a healthy node and says so.
                if (why is not null && now >= givesUp)
                {
                    throw new UnrecoverableException($"{name}: {why}; gave up after {check.Timeout.TotalSeconds:0} s");
                }

                await Task.Delay(check.PollInterval, time, ct);
            }
        }
        finally
        {
            report(name, null);
        }

        _firstPassed = _firstPassed < time.GetUtcNow() ? _firstPassed : time.GetUtcNow();
        log.Write($"Condition Check ({name}): Condition passed   duration={StepLog.Took(time.GetUtcNow() - begin)}");
    }

    /// <summary>The same context, whose observations go to this wait.</summary>
    private static TContext Observing<TContext>(TContext context, ReadingHistory history) =>
        context is ClusterContext cluster ? (TContext)(object)(cluster with { Observe = history.Add }) : context;

    private static (DateTimeOffset? HoldsSince, LiveWait Wait) Next(LiveWait wait, string? why, DateTimeOffset? holdsSince, DateTimeOffset now)
    {
        if (why is null)
        {
            var since = holdsSince ?? now;
            return (since, wait with { Why = null, HeldFor = now - since });
        }

        return (null, holdsSince is null
            ? wait with { Why = why, HeldFor = TimeSpan.Zero }
            : wait with { Why = why, HeldFor = TimeSpan.Zero, LastReset = now, LastResetWhy = why });
    }

    private static async Task<string?> LookAsync<TContext>(ICondition<TContext> condition, TContext context, CancellationToken ct)
    {
        if (context is ClusterContext { Judgement: var judgement } && !judgement.Asks(IConditionAround.Innermost(condition).GetType()))
        {
            return null;
        }

        try
        {
            return await condition.WhyNotAsync(context, ct);
        }
        catch (RecoverableException unreadable)
        {
            return unreadable.Message;
        }
    }

    private static async Task CancelOthersOnFailureAsync(Task wait, CancellationTokenSource others)
    {
        try
        {
            await wait;
        }
        catch
        {
            others.Cancel();
            throw;
        }
    }
}
