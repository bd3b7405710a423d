using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>
/// Nothing repairs anywhere (facts 6.5): no repair of Scylla Manager, no vnode repair on any node, no repair of tablets, whoever asked for it. Held
/// nodes are excepted (R2). Where the inventory names no Manager, the nodes alone are asked.
/// </summary>
[Tag("repair-finished", "No repair runs")]
[Example("")]
public sealed record RepairFinished : IClusterCondition
{
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var running = ImmutableArray.CreateBuilder<string>();
        if (context.Cluster.Manager is not null)
        {
            running.AddRange((await ManagerIdle.RunningAsync(ScyllaManager.Of(context), ct))
                .Where(t => t.Type is "repair" or "tablet_repair").Select(t => $"Scylla Manager's {t} is {t.Status}"));
        }

        var held = context.Held();
        var asked = (await Membership.NowAsync(context, ct)).Where(n => !held.Contains(n.Name)).ToArray();
        var active = await Task.WhenAll(asked.Select(n => context.Api(n).ActiveRepairsAsync(ct)));
        running.AddRange(asked.Zip(active).Where(x => x.Second.Length > 0).Select(x => $"{x.First.Name} runs {x.Second.Length} vnode repair{(x.Second.Length == 1 ? "" : "s")}"));
        if (asked is [var witness, ..])
        {
            running.AddRange((await context.Api(witness).TasksAsync("tablets", ct) ?? [])
                .Where(t => t is { HasEnded: false, Type: "user_repair" or "auto_repair" }).Select(t => $"{t.Type} of {t.Keyspace}.{t.Table} is {t.State}"));
        }

        context.Observe(new Reading("repairs that run", running.Count, "", "Scylla Manager and every node") { Bound = 0 });
        return running.Count == 0 ? null : string.Join("; ", running.Take(5)) + (running.Count > 5 ? $"; {running.Count - 5} more" : "");
    }
}
