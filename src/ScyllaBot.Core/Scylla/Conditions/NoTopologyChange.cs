using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Nobody joins or leaves in anybody's view, no node operation runs, and group0 has no request in flight (facts 4.1, 7.9, 7.38).</summary>
[Tag("no-topology-change", "Topology does not change")]
[Example("")]
public sealed record NoTopologyChange : IClusterCondition
{
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        foreach (var view in snapshot.Members)
        {
            if (view.Joining is { Length: > 0 } joining)
            {
                return $"{view.Node.Name} sees {string.Join(", ", joining)} joining";
            }

            if (view.Leaving is { Length: > 0 } leaving)
            {
                return $"{view.Node.Name} sees {string.Join(", ", leaving)} leaving";
            }
        }

        var witness = await Witness.OfAsync(context, ct);
        if ((await context.Api(witness).TasksAsync("node_ops", ct))?.FirstOrDefault(t => !t.HasEnded) is { } task)
        {
            return $"a {task.Type} of {task.Entity} is {task.State}";
        }

        return await TopologyView.ReadAsync(context, witness, ct) switch
        {
            { OpenRequests: [var request, ..] } => $"a topology request '{request}' is in flight or queued",
            { Transition: { } transition } => $"the topology is in transition: {transition}",
            _ => null,
        };
    }
}
