using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Topology;

/// <summary>Topology operations that are queued or at work now: the task manager of any node lists them (facts 1.15).</summary>
internal static class RunningMovements
{
    /// <summary>With what only a status tells: whether Scylla would still abort it.</summary>
    /// <exception cref="RecoverableException">No node can be asked.</exception>
    public static async Task<ImmutableArray<ScyllaTask>> ReadAsync(ClusterContext context, CancellationToken ct)
    {
        RecoverableException? mute = null;
        foreach (var witness in context.Cluster.Members)
        {
            try
            {
                return await ReadAsync(context.Api(witness), ct);
            }
            catch (RecoverableException unreadable)
            {
                mute = unreadable;
            }
        }

        throw mute ?? new RecoverableException($"{context.Cluster.Name} has no node that could be asked");
    }

    /// <summary>Of one host id; null when there is none.</summary>
    public static async Task<ScyllaTask?> OfAsync(ClusterContext context, Guid host, CancellationToken ct) =>
        (await ReadAsync(context, ct)).FirstOrDefault(t => IsOf(t, host));

    public static bool IsOf(ScyllaTask task, Guid host) => Guid.TryParse(task.Entity, out var entity) && entity == host && host != Guid.Empty;

    private static async Task<ImmutableArray<ScyllaTask>> ReadAsync(ScyllaApi api, CancellationToken ct)
    {
        var running = ImmutableArray.CreateBuilder<ScyllaTask>();
        foreach (var listed in (await api.TasksAsync("node_ops", ct) ?? []).Where(t => !t.HasEnded))
        {
            // It may have ended between the two questions.
            if (await api.TaskAsync(listed.Id, ct) is { HasEnded: false } status)
            {
                running.Add(status.Entity.Length > 0 ? status : status with { Entity = listed.Entity });
            }
        }

        return running.ToImmutable();
    }
}
