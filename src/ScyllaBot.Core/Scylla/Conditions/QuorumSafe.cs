using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Every range keeps its quorum when this node goes down too (R2, R22).</summary>
[Tag("quorum-safe", "Node is quorum safe")]
[Example("")]
public sealed record QuorumSafe : INodeCondition
{
    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        if (!(await context.Watch.ReadAsync(ClusterNormal.Freshness, ct)).Of(context.Node).Node.IsInRing)
        {
            // No range lies there and it has no vote: nobody loses anything by it.
            return null;
        }

        var availability = await Availability.ReadAsync(context, await context.Watch.ReadAsync(ClusterNormal.Freshness, ct), ct);

        // Who is down is asked last: reading the rings takes its time, and liveness must be fresh (R15).
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        var held = context.Held();
        var down = snapshot.DownInAnyView(held).Union(held).Add(context.Node.Name);
        return snapshot.ServesNobody(context.Node)
            ? availability.WhyVotersNot(down)
            : context.Judgement.WhyNotDown(availability, down) ?? await RaftAnswers.WhyNotAsync(context, availability, snapshot, ct);
    }
}
