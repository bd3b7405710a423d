using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>The node that is asked about the cluster: the subject itself where there is one that serves, else the first that does.</summary>
internal static class Witness
{
    /// <exception cref="RecoverableException">None serves now.</exception>
    public static async Task<Node> OfAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        return (context is NodeContext subject && snapshot.Of(subject.Node).Serves ? subject.Node : snapshot.Serving()?.Node)
            ?? throw new RecoverableException($"no node of {context.Cluster.Name} serves");
    }
}
