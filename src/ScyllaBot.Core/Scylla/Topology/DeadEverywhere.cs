using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Every other node that counts can be asked and has seen the host down for half an hour; and all of those serve (R17, facts 7.15, 7.16).</summary>
/// <param name="Hosts">The dead ones: the subject, and those to ignore.</param>
internal sealed record DeadEverywhere(Func<NodeContext, ImmutableArray<Guid>> Hosts) : INodeCondition
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(30);

    public string Title => "Dead for everybody";

    public async Task<string?> WhyNotAsync(NodeContext context, CancellationToken ct)
    {
        var hosts = Hosts(context);
        var dead = context.Cluster.Members.Where(n => hosts.Contains(n.HostId)).ToArray();
        if (hosts.Except(dead.Select(n => n.HostId)).FirstOrDefault() is var stranger && stranger != Guid.Empty)
        {
            return $"{stranger} is no node of the inventory";
        }

        var snapshot = await context.Watch.ReadAsync(Conditions.ClusterNormal.Freshness, ct);
        if (Conditions.ClusterNormal.WhyNot(snapshot, [.. dead.Select(n => n.Name), context.Node.Name]) is { } why)
        {
            return why;
        }

        foreach (var node in dead)
        {
            foreach (var witness in snapshot.Members.Where(v => !dead.Contains(v.Node) && v.Node.Name != context.Node.Name))
            {
                if (!witness.SeesDown(node))
                {
                    return $"{witness.Node.Name} does not see {node.Name} down";
                }

                var down = await context.Api(witness.Node).DowntimeAsync(node.Address, ct);
                if (down < Least)
                {
                    return $"{witness.Node.Name} has seen {node.Name} down for {down.TotalMinutes:0} of {Least.TotalMinutes:0} minutes";
                }
            }
        }

        return null;
    }
}
