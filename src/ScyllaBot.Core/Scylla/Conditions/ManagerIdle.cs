using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Conditions;

/// <summary>Scylla Manager runs nothing but health checks (facts 6.3).</summary>
[Tag("manager-idle", "Scylla Manager is idle")]
[Example("")]
public sealed record ManagerIdle : IClusterCondition
{
    public async Task<string?> WhyNotAsync(ClusterContext context, CancellationToken ct)
    {
        var running = await RunningAsync(ScyllaManager.Of(context), ct);
        context.Observe(new Reading("tasks that run", running.Length, "", "Scylla Manager") { Bound = 0 });
        return running.IsEmpty ? null : $"Scylla Manager: {string.Join(", ", running.Select(t => $"{t} is {t.Status}"))}";
    }

    internal static async Task<ImmutableArray<ManagedTask>> RunningAsync(ScyllaManager manager, CancellationToken ct) =>
        [.. (await manager.TasksAsync(null, ct)).Where(t => t.IsActive && t.Type is not ("healthcheck" or "suspend"))];
}
