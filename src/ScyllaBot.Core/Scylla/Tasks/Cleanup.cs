using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Drops from this node what other nodes own since the ring changed (facts 1.13). Keyspaces with tablets need none. A node that Scylla says is clean
/// is left alone.
/// </summary>
[Tag("cleanup", "Clean up the node", Direction.Neutral, Risk.Disruptive, Interruptible.AtCheck)]
[Pays(DebtKind.Cleanup)]
[Example("")]
public sealed record Cleanup : INodeTask, ILasts
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    public IReadOnlyList<INodeCondition> Preconditions => [new ClusterNormal()];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        if (await CleanupStates.ReadAsync(context, context.Node, ct) is { } states
            && states.GetValueOrDefault(context.Node.HostId) == "clean")
        {
            context.Log.Write("Already clean");
        }
        else
        {
            await RunAsync(context, ct);
        }

        // What a join left owing after this step began is not paid by it.
        await context.Debts.PayAsync(DebtKind.Cleanup, context.Node.Name, ct, before: context.Wait.Begun);
    }

    /// <summary>Every vnode keyspace of one node, then the node is marked clean where the version keeps such a mark.</summary>
    internal static async Task RunAsync(NodeContext context, CancellationToken ct)
    {
        var api = context.Scylla;
        await InsistAsync(context, ct);
        var members = await Membership.RingAsync(context, ct);
        var asTask = await api.CompactsAsTaskAsync(ct);
        var work = new LongWork(context, context.Node, "compaction", "cleanup compaction");
        foreach (var keyspace in await api.KeyspacesAsync(tablets: false, ct))
        {
            await (asTask
                ? work.RunAsync(keyspace, "", token => api.StartCleanupAsync(keyspace, token), ct, afresh: true)
                : api.CleanupAsync(keyspace, Patience, ct));
        }

        // A join that began meanwhile makes the mark a lie.
        await TopologyQuiet.InsistAsync(context, ct);
        if (await Membership.RingAsync(context, ct) != members)
        {
            throw new RecoverableException($"{context.Node.Name}: the ring changed during the cleanup, so it has to be done again") { IsOver = true };
        }

        if (asTask && await api.MarkNodeAsCleanAsync(ct))
        {
            context.Log.Write("Marked as clean");
        }
    }

    /// <summary>Data was lost by a cleanup in the middle of a topology change, and by one on a node that held nothing yet (facts 7.13).</summary>
    private static async Task InsistAsync(NodeContext context, CancellationToken ct)
    {
        await TopologyQuiet.InsistAsync(context, ct);
        if (await context.Scylla.LoadBytesAsync(ct) <= 0)
        {
            throw new UnrecoverableException($"{context.Node.Name} holds no data: a cleanup there is a mistake, or the node is not what it seems") { IsOver = true };
        }
    }
}
