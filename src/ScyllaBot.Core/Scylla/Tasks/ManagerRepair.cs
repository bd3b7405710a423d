using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Has Scylla Manager repair, and waits for the end: one of its own tasks, or a new one that runs once (facts 6.2).</summary>
[Tag("manager-repair", "Repair by Scylla Manager", Direction.Neutral, Risk.Disruptive, Interruptible.No)]
[Pays(DebtKind.Repair)]
[Example("keyspaces: [\"discord\", \"!discord.messages\"]")]
public sealed record ManagerRepair : IClusterTask, ILasts
{
    private const string Type = "repair";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <value>Default none: a new one is made.</value>
    [Description("Repair task of the Manager to run now, by name or id"), RegularExpression("[A-Za-z0-9._-]{1,128}")]
    public string? RepairTask { get; init; }

    /// <value>Default empty: the Manager's own choice.</value>
    [Description("Keyspaces of a new task, as the Manager's globs; one with an exclamation mark excludes")]
    public IReadOnlyList<string> Keyspaces { get; init; } = [];

    /// <value>Default 1; 0 = the most the Manager dares.</value>
    [Description("Intensity of a new task"), Range(0.0, 1000.0)]
    public double Intensity { get; init; } = 1;

    /// <value>Default 0: as many as possible.</value>
    [Description("How many repairs of a new task may run at once"), Range(0, 1000)]
    public int Parallel { get; init; }

    public IReadOnlyList<IClusterCondition> Preconditions => [new ClusterNormal()];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        await RepairAsync(context, ct);
        if (RepairTask is null && Keyspaces.Count == 0)
        {
            await context.Debts.PayAsync(DebtKind.Repair, null, ct, before: context.Wait.Begun);
        }
    }

    private async Task RepairAsync(ClusterContext context, CancellationToken ct)
    {
        var manager = ScyllaManager.Of(context);
        var name = RepairTask ?? $"scyllabot-{context.Stamp.Job}-{context.Stamp.Path}";
        var task = await FindAsync(manager, name, ct);
        if (task is not null && await IsOverAsync(context, manager, task, ct))
        {
            return;
        }

        if (task is null or { IsActive: false } && await manager.IsSuspendedAsync(ct))
        {
            throw new RecoverableException("Manager: it is suspended and starts nothing; resume it first");
        }

        if (task is null)
        {
            task = RepairTask is null ? await CreateAsync(context, manager, name, ct) : throw new UnrecoverableException($"Manager: no repair task {RepairTask}");
        }
        else if (!task.IsActive)
        {
            await StartAsync(context, manager, task, ct);
        }

        context.Log.Write($"{task} at work");
        await FollowAsync(context, manager, task, ct);
    }

    private static async Task<ManagedTask?> FindAsync(ScyllaManager manager, string name, CancellationToken ct) =>
        (await manager.TasksAsync(Type, ct)).Concat(await manager.TasksAsync("tablet_repair", ct)).FirstOrDefault(t => !ManagerMark.IsMark(t)
            && (t.Name == name || string.Equals(t.Id.ToString(), name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>A run since this step began is its own.</summary>
    /// <exception cref="RecoverableException">This attempt's run has failed.</exception>
    private static async Task<bool> IsOverAsync(ClusterContext context, ScyllaManager manager, ManagedTask task, CancellationToken ct)
    {
        var own = (await manager.HistoryAsync(task.Type, task.Id, 20, ct)).Where(r => r.StartedAt >= context.Wait.Begun - Slack).ToArray();
        if (own is [{ Status: "DONE" }, ..])
        {
            context.Log.Write($"{task}: done already");
            return true;
        }

        var ended = own.Where(r => !r.IsActive).ToArray();
        return ended.Length < context.Stamp.Attempt || own is [{ IsActive: true }, ..] ? false
            : throw new RecoverableException($"Manager: {task} ended {ended[0].Status}: {ended[0].Cause}");
    }

    private async Task<ManagedTask> CreateAsync(ClusterContext context, ScyllaManager manager, string name, CancellationToken ct)
    {
        try
        {
            await manager.CreateRepairAsync(new RepairOrder(name, [.. Keyspaces], Intensity, Parallel), ct);
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            context.Log.Write($"Warning: {lost.Message}; looking for its name");
        }

        return await FindAsync(manager, name, ct) ?? throw new RecoverableException($"Manager: the request for {name} was lost on its way");
    }

    private static async Task StartAsync(ClusterContext context, ScyllaManager manager, ManagedTask task, CancellationToken ct)
    {
        try
        {
            await manager.StartAsync(task.Type, task.Id, resume: true, ct);
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            context.Log.Write($"Warning: {lost.Message}; looking whether it runs");
            if ((await manager.HistoryAsync(task.Type, task.Id, 1, ct)).All(r => r.StartedAt < context.Wait.Begun - Slack))
            {
                throw new RecoverableException($"Manager: the start of {task} was lost on its way", lost);
            }
        }
    }

    private static async Task FollowAsync(ClusterContext context, ScyllaManager manager, ManagedTask task, CancellationToken ct)
    {
        var heard = context.Time.GetUtcNow();
        var told = -1;
        while (true)
        {
            var (progress, silence) = await LookAsync(manager, task, ct);
            if (progress is { Run: { IsActive: false, Status: not "WAITING" } end })
            {
                Judge(task, end);
                context.Log.Write($"{task}: done");
                return;
            }

            if (progress is not null && progress.Success / 10 > told / 10)
            {
                told = progress.Success;
                context.Log.Write($"{task}: {progress.Success} %{(progress.Error > 0 ? $", {progress.Error} % with errors" : "")}");
            }

            heard = progress is null ? heard : context.Time.GetUtcNow();
            if (context.Time.GetUtcNow() - heard > LongestSilence)
            {
                throw new RecoverableException($"Manager: {task} is not to be followed: {silence}");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    private static void Judge(ManagedTask task, ManagedRun end)
    {
        if (end.Status == "DONE")
        {
            return;
        }

        var text = $"Manager: {task} ended {end.Status}: {end.Cause}";

        // Whoever stopped it had a reason; an error may pass.
        throw end.Status == "STOPPED" ? new UnrecoverableException(text) : new RecoverableException(text);
    }

    private static async Task<(ManagedProgress? Progress, string Silence)> LookAsync(ScyllaManager manager, ManagedTask task, CancellationToken ct)
    {
        try
        {
            return (await manager.ProgressAsync(task.Type, task.Id, ct), "");
        }
        catch (RecoverableException unread)
        {
            return (null, unread.Message);
        }
    }
}
