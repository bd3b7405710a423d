using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Lets Scylla Manager work again where the bot suspended it, by the mark it left there; anybody else's suspension stays. Never in the middle of a topology change (R26).</summary>
[Tag("manager-resume", "Resume Scylla Manager", Direction.Neutral, Risk.Low, Interruptible.AtCheck)]
[Pays(DebtKind.ManagerSuspended)]
[Example("patience_seconds: 3600")]
public sealed record ManagerResume : IClusterTask
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    /// <value>Default 1 h, from the step's first start.</value>
    [Description("How long to wait for a topology change under way")]
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    /// <value>Default false: they wait for their next time.</value>
    [Description("Start what should have begun meanwhile")]
    public bool StartMissed { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var manager = ScyllaManager.Of(context);
        if (await ManagerMark.FindAsync(manager, ct) is not { } mark)
        {
            context.Log.Write("Not suspended by us: nothing to resume");
            await context.Debts.PayAsync(DebtKind.ManagerSuspended, "", ct);
            return;
        }

        while (await TopologyQuiet.WhyNotAsync(context, ct) is { } change)
        {
            if (context.Time.GetUtcNow() >= context.Wait.Started + Patience)
            {
                throw new RecoverableException($"Manager stays suspended: {change}");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }

        if (await manager.IsSuspendedAsync(ct))
        {
            await manager.ResumeAsync(StartMissed, ct);
            if (await manager.IsSuspendedAsync(ct))
            {
                throw new RecoverableException("Manager: it answered that it is resumed, and is not");
            }

            context.Log.Write($"Resumed; it was suspended by job {ManagerMark.JobOf(mark)}");
        }

        // Last: as long as it stands, a next attempt knows that the suspension was ours.
        await ManagerMark.RemoveAsync(manager, mark, ct);
        await context.Debts.PayAsync(DebtKind.ManagerSuspended, "", ct);
    }
}
