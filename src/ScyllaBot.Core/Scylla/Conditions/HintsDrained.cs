using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Every other node has replayed what it kept for this one while it was away: the exact test, a sync point on each of them towards the node (facts
/// 1.20). A point is a mark in the holder's files that nothing is stored for, so each look makes its own and asks it once; it says "now" and not
/// "since then", which a node that serves again can only get better at. Other held nodes are excepted (R2).
/// </summary>
[Tag("hints-drained", "Hints are replayed")]
[Example("")]
public sealed record HintsDrained : INodeCondition
{
    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var held = context.Held();
        var holders = (await Membership.NowAsync(context, ct)).Where(n => n.Name != context.Node.Name && !held.Contains(n.Name)).ToArray();
        var reached = await Task.WhenAll(holders.Select(n => IsReachedAsync(context, n, ct)));
        var waiting = holders.Where((_, i) => !reached[i]).Select(n => n.Name).ToArray();
        context.Observe(new Reading("nodes with hints for it", waiting.Length, "", "hint sync points of every other node") { Bound = 0 });
        return waiting.Length == 0 ? null
            : $"{waiting.Length} of {holders.Length} nodes still hold hints for {context.Node.Name}: {string.Join(", ", waiting.Take(5))}{(waiting.Length > 5 ? " …" : "")}";
    }

    private static async Task<bool> IsReachedAsync(NodeContext context, Node holder, CancellationToken ct)
    {
        var api = context.Api(holder);
        return await api.IsHintSyncPointReachedAsync(await api.HintSyncPointAsync([context.Node.Address], ct), ct);
    }
}
