using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Nobody joins or leaves and the topology coordinator has nothing in hand: looked at right before work that must not meet such a change (facts 7.13).</summary>
internal static class TopologyQuiet
{
    /// <returns>Null when it is quiet, otherwise what is under way.</returns>
    public static async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        foreach (var view in snapshot.Members)
        {
            if (view.Joining is [var joining, ..])
            {
                return $"{view.Node.Name} sees {joining} joining";
            }

            if (view.Leaving is [var leaving, ..])
            {
                return $"{view.Node.Name} sees {leaving} leaving";
            }
        }

        var witness = snapshot.Asked("tell what its topology does");
        var api = context.Api(witness);
        var nodeWork = await api.TasksAsync("node_ops", ct) ?? [];
        var requests = await api.TasksAsync("global_topology_requests", ct) ?? [];
        var running = nodeWork.Concat(requests.Where(r => r.Type != "cleanup")).FirstOrDefault(t => !t.HasEnded);
        return running is null ? null : $"{running.Type}{(running.Entity.Length > 0 ? " of " : "")}{running.Entity} is under way";
    }

    /// <exception cref="RecoverableException">Something is under way.</exception>
    public static async Task InsistAsync(ClusterContext context, CancellationToken ct)
    {
        if (await WhyNotAsync(context, ct) is { } why)
        {
            throw new RecoverableException($"{context.Cluster.Name}: {why}");
        }
    }
}
