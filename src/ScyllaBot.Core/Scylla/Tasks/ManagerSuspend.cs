using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Keeps Scylla Manager from starting repairs and backups until <c>manager-resume</c> (facts 6.2). What runs is never stopped but waited for, and a
/// Manager that somebody else suspended is left as it is (R26).
/// </summary>
[Undo("resume the Manager: manager-resume")]
[Tag("manager-suspend", "Suspend Scylla Manager", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Owes(DebtKind.ManagerSuspended)]
[Example("patience_seconds: 14400")]
public sealed record ManagerSuspend : IClusterTask
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    /// <summary>R26: after a day repairs that are due must be let through.</summary>
    private static Owing Debt { get; } = new(
        DebtKind.ManagerSuspended, "", "Scylla Manager is suspended: it starts no repair and no backup", TimeSpan.FromHours(24),
        DebtUndo.Of("manager-resume", null, byItself: true));

    /// <value>Default 4 h, from the step's first start.</value>
    [Description("How long to wait for what the Manager runs")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(4);

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var manager = ScyllaManager.Of(context);
        var told = "";
        while (await TryAsync(context, manager, ct) is { } running)
        {
            if (running != told)
            {
                context.Log.Write($"Waiting: {running}");
                told = running;
            }

            if (context.Time.GetUtcNow() >= context.Wait.Started + Patience)
            {
                throw new RecoverableException($"Manager: {running}; waited {Patience.TotalHours:0.#} h, and a running task is not stopped");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    /// <returns>Null when it is suspended, otherwise what runs.</returns>
    private static async Task<string?> TryAsync(ClusterContext context, ScyllaManager manager, CancellationToken ct)
    {
        var mark = await ManagerMark.FindAsync(manager, ct);
        if (await manager.IsSuspendedAsync(ct))
        {
            context.Log.Write(mark is null
                ? "Suspended already, by somebody else: it stays so, and will not be resumed by us"
                : $"Suspended already, by job {ManagerMark.JobOf(mark)}");
            return null;
        }

        if (await Conditions.ManagerIdle.RunningAsync(manager, ct) is { Length: > 0 } running)
        {
            return $"{string.Join(", ", running.Select(t => t.ToString()))} at work";
        }

        await context.Debts.OpenAsync(Debt, ct);
        if (mark is null)
        {
            await ManagerMark.LeaveAsync(manager, context, ct);
        }

        var busy = await manager.SuspendAsync(ct);
        if (busy is null && !await manager.IsSuspendedAsync(ct))
        {
            throw new RecoverableException("Manager: it answered that it is suspended, and is not");
        }

        // What began in the last moment: the mark must not outlive a suspension that did not come about.
        if (busy is not null && await ManagerMark.FindAsync(manager, ct) is { } left)
        {
            await ManagerMark.RemoveAsync(manager, left, ct);
            await context.Debts.PayAsync(DebtKind.ManagerSuspended, "", ct);
        }

        return busy;
    }
}
