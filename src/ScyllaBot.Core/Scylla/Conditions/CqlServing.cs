using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>The node is NORMAL and its CQL port is open, by its own word: peers show a node with CQL closed as up (facts 7.2, 7.11, 7.47).</summary>
[Tag("cql-serving", "Node serves CQL")]
[Example("")]
public sealed record CqlServing : INodeCondition, ITellsHealth
{
    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct) =>
        UpForAllPeers.WhyNotServing((await context.Watch.ReadAsync(ClusterNormal.Freshness, ct)).Of(context.Node));
}
