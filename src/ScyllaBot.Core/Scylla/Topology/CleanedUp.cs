using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>No node has rows of ranges it lost: shrinking the ring could bring deleted ones back (facts 7.12).</summary>
/// <param name="IsAssumed">People say so, where CQL does not tell.</param>
internal sealed record CleanedUp(bool IsAssumed) : INodeCondition
{
    public string Title => "Cleanup is not pending";

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        var witness = snapshot.Serving()?.Node;
        var view = witness is null ? null : await TopologyView.ReadAsync(context, witness, ct);
        if (view is null)
        {
            return IsAssumed ? null : "no node tells over CQL whether cleanup is pending";
        }

        var dirty = view.Members.Where(m => m.Cleanup is "needed" or "running").Select(m => NameOf(context, m.HostId)).ToArray();
        return dirty.Length == 0 ? null : $"cleanup is pending on {string.Join(", ", dirty)}";
    }

    private static string NameOf(ClusterContext context, Guid host) =>
        context.Cluster.Nodes.FirstOrDefault(n => n.HostId == host)?.Name ?? host.ToString();
}
