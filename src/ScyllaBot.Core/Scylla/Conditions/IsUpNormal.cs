using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>One other node sees this one up and not joining, and this one says that it serves: what <c>UN</c> is meant to mean.</summary>
[Tag("is-up-normal", "Node is up and normal")]
[Example("")]
public sealed record IsUpNormal : INodeCondition, ITellsHealth
{
    /// <value>Default none: the first other node that serves.</value>
    [Description("Node whose view counts; any other that serves when none is given")]
    public string? KnownNode { get; init; }

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var known = Known(context);
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        var witness = known is not null
            ? snapshot.Of(known)
            : snapshot.Serving(context.Node.Name);
        if (witness is null)
        {
            return $"no other node serves that could be asked about {context.Node.Name}";
        }

        var why = WhyNot(witness, snapshot.Of(context.Node));
        if (why is not null)
        {
            await JoinFailure.ThrowIfOverAsync(context, snapshot, ct);
        }

        return why;
    }

    private Node? Known(NodeContext context)
    {
        if (string.IsNullOrEmpty(KnownNode))
        {
            return null;
        }

        var known = context.Cluster.Find(KnownNode)
            ?? throw new UnrecoverableException($"known_node {KnownNode} is not in {context.Cluster.Name}");
        return known.Name != context.Node.Name
            ? known
            : throw new UnrecoverableException($"known_node {KnownNode} is the node itself, which can not vouch for itself");
    }

    private static string? WhyNot(NodeView witness, NodeView subject)
    {
        if (witness.Live is null || witness.Joining is null)
        {
            return $"{witness.Node.Name} can not be asked what it sees";
        }

        return witness.Joining.Value.Contains(subject.Node.Address, StringComparer.Ordinal)
            ? $"{witness.Node.Name} sees {subject.Node.Name} still joining"
            : UpForAllPeers.WhyNotSeen(witness, subject.Node) ?? UpForAllPeers.WhyNotServing(subject);
    }
}
