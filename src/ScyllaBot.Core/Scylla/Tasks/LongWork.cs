using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Work that a node's task manager keeps (facts 1.15): begun once for a step, found again after a restart of ours or a lost answer, followed to
/// its end. What began since the step's first start and is of the same kind is the step's own; what runs already is as good.
/// </summary>
/// <param name="context">The step.</param>
/// <param name="node">Who is asked.</param>
/// <param name="module">Such as <c>compaction</c>.</param>
/// <param name="type">Such as <c>cleanup compaction</c>; empty: whatever the module does.</param>
/// <param name="since">When it may have begun at the earliest to be this step's own; null: the step's first start.</param>
internal sealed class LongWork(ClusterContext context, Node node, string module, string type, DateTimeOffset? since = null)
{
    // The node tells whole seconds, and its clock is not ours.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OneWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    private readonly ScyllaApi _api = context.Api(node);

    /// <param name="keyspace">Of which keyspace.</param>
    /// <param name="table">Of which table; empty for a whole keyspace.</param>
    /// <param name="start">Begins it; null = there is nothing to do.</param>
    /// <param name="ct">Cancels the wait, not the work.</param>
    /// <param name="afresh">What was begun before proves nothing, since the ring may have changed after it: it is waited for, then begun again.</param>
    /// <exception cref="RecoverableException">It failed, or the node forgot it.</exception>
    public async Task RunAsync(
        string keyspace, string table, Func<CancellationToken, Task<Guid?>> start, CancellationToken ct, bool afresh = false)
    {
        var what = $"{type} of {keyspace}{(table.Length > 0 ? "." : "")}{table} on {node.Name}";
        if (await FindAsync(keyspace, table, ct) is { } mine)
        {
            context.Log.Write($"{what}: {(mine.HasEnded ? "done already" : "runs already")}");
            if (!mine.HasEnded)
            {
                await FollowAsync(mine.Id, what, ct);
            }

            if (!afresh)
            {
                return;
            }
        }

        if (await StartAsync(keyspace, table, what, start, ct) is not { } id)
        {
            context.Log.Write($"{what}: nothing to do");
            return;
        }

        await FollowAsync(id, what, ct);
        context.Log.Write($"{what}: done");
    }

    /// <summary>This step's own, or one that runs.</summary>
    /// <exception cref="RecoverableException">This attempt's own has failed.</exception>
    public async Task<ScyllaTask?> FindAsync(string keyspace, string table, CancellationToken ct)
    {
        var earliest = (since ?? context.Wait.Begun) - Slack;
        var alike = (await _api.TasksAsync(module, ct) ?? [])
            .Where(t => (type.Length == 0 || t.Type == type) && t.Keyspace == keyspace && (table.Length == 0 || t.Table == table))
            .Where(t => !t.HasEnded || t.StartedAt >= earliest).OrderBy(t => t.StartedAt).ToArray();
        if (alike.LastOrDefault(t => !t.HasFailed) is { } mine)
        {
            return mine;
        }

        // An attempt begins it once: as many failures as attempts are this one's own, and nothing is begun blindly again (R8). A unit is begun once for
        // its beginning in the journal: what failed before that was another's.
        var (own, most) = context.Units.Begun is { } begun ? (alike.Where(t => t.StartedAt >= begun - Slack).ToArray(), 1) : (alike, context.Stamp.Attempt);
        return own.Length < most ? null
            : throw new RecoverableException($"{node.Name}: {type} of {keyspace} failed: {(await _api.TaskAsync(own[^1].Id, ct))?.Error}") { IsOver = true };
    }

    private async Task<Guid?> StartAsync(string keyspace, string table, string what, Func<CancellationToken, Task<Guid?>> start, CancellationToken ct)
    {
        try
        {
            return await start(ct);
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            context.Log.Write($"Warning: {lost.Message}; looking whether it began");
        }
        catch (UnrecoverableException refused)
        {
            throw new UnrecoverableException(refused.Message, refused) { IsOver = true };
        }

        await Task.Delay(BetweenLooks, context.Time, ct);
        return (await FindAsync(keyspace, table, ct))?.Id ?? throw new RecoverableException($"{what}: the request was lost on its way");
    }

    private async Task FollowAsync(Guid id, string what, CancellationToken ct)
    {
        var heard = context.Time.GetUtcNow();
        while (true)
        {
            var began = context.Time.GetUtcNow();
            var (task, silence) = await LookAsync(id, what, ct);
            if (task is { HasFailed: true })
            {
                // Asked for again it goes over the same data: another attempt is worth it.
                throw new RecoverableException($"{what} failed: {task.Error}") { IsOver = true };
            }

            if (task is { HasEnded: true })
            {
                return;
            }

            heard = task is null ? heard : context.Time.GetUtcNow();
            if (context.Time.GetUtcNow() - heard > LongestSilence)
            {
                throw new RecoverableException($"{what}: not to be followed for {LongestSilence.TotalMinutes:0} minutes: {silence}");
            }

            // A look that waited at the node needs no pause; what ends between two looks may be forgotten before the next.
            if (context.Time.GetUtcNow() - began < BetweenLooks)
            {
                await Task.Delay(BetweenLooks, context.Time, ct);
            }
        }
    }

    /// <returns>No task, and why, when the node does not answer now.</returns>
    private async Task<(ScyllaTask? Task, string Silence)> LookAsync(Guid id, string what, CancellationToken ct)
    {
        try
        {
            // Gone with its process, or dropped after its end: the next attempt looks and begins it again if need be.
            return (await _api.WaitTaskAsync(id, OneWait, ct) ?? new ScyllaTask(id, type, "", "failed", "", "", "", "", 0)
            {
                Error = $"the node no longer knows task {id}: it was restarted meanwhile",
            }, "");
        }
        catch (RecoverableException unread)
        {
            return (null, $"{what}: {unread.Message}");
        }
    }
}
