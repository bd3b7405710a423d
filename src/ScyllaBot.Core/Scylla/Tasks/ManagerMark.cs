using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Ports;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// How it is known, after a restart or by another host, that the bot suspended a Manager (R26, R13): a disabled task there that never runs and
/// carries the job in its labels. It is written before the suspension and deleted after the resume, so a suspension of ours is never without it.
/// </summary>
internal static class ManagerMark
{
    private const string Name = "scyllabot-suspended";
    private const string Type = "repair";
    private const string JobLabel = "scyllabot-suspended-by";
    private const string SinceLabel = "scyllabot-suspended-since";

    public static bool IsMark(ManagedTask task) => task.Name == Name && task.Labels.ContainsKey(JobLabel);

    public static string JobOf(ManagedTask mark) => mark.Labels.GetValueOrDefault(JobLabel, "unknown");

    public static async Task<ManagedTask?> FindAsync(ScyllaManager manager, CancellationToken ct) =>
        (await manager.TasksAsync(Type, ct)).FirstOrDefault(IsMark);

    public static async Task LeaveAsync(ScyllaManager manager, ClusterContext context, CancellationToken ct)
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
            .Add(JobLabel, context.Stamp.Job).Add(SinceLabel, $"{context.Time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}");
        try
        {
            await manager.CreateMarkAsync(Name, labels, ct);
        }
        catch (UnrecoverableException lost) when (lost.InnerException is ExchangeException)
        {
            if (await FindAsync(manager, ct) is null)
            {
                throw new RecoverableException($"{lost.Message}; it did not arrive", lost);
            }
        }
    }

    public static Task RemoveAsync(ScyllaManager manager, ManagedTask mark, CancellationToken ct) => manager.DeleteTaskAsync(Type, mark.Id, ct);
}
