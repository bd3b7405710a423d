using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>No node streams, and no tablet or node operation runs, which streams unseen by the stream manager (facts 1.21, 7.4, 7.39).</summary>
[Tag("no-streaming", "Nothing streams")]
[Example("")]
public sealed record NoStreaming : IClusterCondition
{
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        foreach (var view in snapshot.Members.Where(v => v.Mode is not null && !context.Held().Contains(v.Node.Name)))
        {
            if (await context.Api(view.Node).StreamsAsync(ct) is [var plan, ..])
            {
                return $"{view.Node.Name} streams ({plan.Description}, {plan.Peers.Length} peers)";
            }
        }

        var witness = await Witness.OfAsync(context, ct);
        foreach (var module in new[] { "node_ops", "tablets" })
        {
            var running = (await context.Api(witness).TasksAsync(module, ct))?.Where(t => !t.HasEnded).ToArray() ?? [];
            if (running.Length > 0)
            {
                return $"{running.Length} {module} tasks run, such as {running[0].Type} {running[0].Keyspace}{(running[0].Table.Length > 0 ? "." : "")}{running[0].Table}{running[0].Entity}";
            }
        }

        return null;
    }
}
