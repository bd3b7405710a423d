using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Repairs one keyspace's primary ranges of one node: begun once, followed only as long as the process that accepted it lives (facts 1.14).</summary>
/// <param name="context">The step.</param>
/// <param name="node">Whose ranges.</param>
/// <param name="since">Since when the ring is as it is: what ran before then covered other ranges. Null: the step's first start.</param>
internal sealed class VnodeRepair(ClusterContext context, Node node, DateTimeOffset? since)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    private readonly ScyllaApi _api = context.Api(node);
    private readonly LongWork _work = new(context, node, "repair", "", since);

    /// <exception cref="RecoverableException">It failed, or died with the node's process.</exception>
    public async Task RunAsync(string keyspace, CancellationToken ct)
    {
        var found = await _work.FindAsync(keyspace, "", ct);
        if (found is { HasEnded: true })
        {
            context.Log.Write($"repair of {keyspace} on {node.Name}: done already");
            return;
        }

        var repair = found is null ? await StartAsync(keyspace, ct) : await AttachAsync(keyspace, found, ct);
        context.Log.Write($"repair of {keyspace} on {node.Name}: number {repair.Number}{(found is null ? "" : ", begun before")}");
        await FollowAsync(repair, ct);
    }

    private async Task<NodeRepair> StartAsync(string keyspace, CancellationToken ct)
    {
        try
        {
            return await _api.StartRepairAsync(keyspace, ct);
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
        return await _work.FindAsync(keyspace, "", ct) is { } found
            ? await AttachAsync(keyspace, found, ct)
            : throw new RecoverableException($"{node.Name}: the request to repair {keyspace} was lost on its way");
    }

    /// <summary>The list of tasks lives in the process: what it shows was accepted by the generation of now.</summary>
    private async Task<NodeRepair> AttachAsync(string keyspace, ScyllaTask task, CancellationToken ct) => new(
        keyspace, task.Sequence, await _api.GenerationAsync(ct) ?? throw new RecoverableException($"{node.Name} does not tell its generation now"));

    private async Task FollowAsync(NodeRepair repair, CancellationToken ct)
    {
        var heard = context.Time.GetUtcNow();
        while (true)
        {
            var (state, silence) = await LookAsync(repair, ct);
            switch (state)
            {
                case RepairState.Successful:
                    return;
                case RepairState.Failed:
                    throw new RecoverableException($"{node.Name}: repair {repair.Number} of {repair.Keyspace} failed; its journal says why") { IsOver = true };
                case RepairState.Lost:
                    throw new RecoverableException($"{node.Name} was restarted while it repaired {repair.Keyspace}: that repair died with it") { IsOver = true };
            }

            heard = state is null ? heard : context.Time.GetUtcNow();
            if (context.Time.GetUtcNow() - heard > LongestSilence)
            {
                throw new RecoverableException($"{node.Name}: repair {repair.Number} of {repair.Keyspace} is not to be followed: {silence}");
            }

            await Task.Delay(BetweenLooks, context.Time, ct);
        }
    }

    private async Task<(RepairState? State, string Silence)> LookAsync(NodeRepair repair, CancellationToken ct)
    {
        try
        {
            return (await _api.RepairStateAsync(repair, ct), "");
        }
        catch (RecoverableException unread)
        {
            return (null, unread.Message);
        }
    }
}
