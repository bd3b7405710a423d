using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>Prints Scylla Manager's repairs as the article does: one line each, the statuses padded to the longest (facts 6.5).</summary>
[Tag("get-repair-status", "Get repair status", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("")]
public sealed record GetRepairStatus : IClusterTask
{
    // What a repair without a list of its own takes on (facts 6.3).
    private const string DefaultKeyspaces = "*, !system_traces";

    public IReadOnlyList<IClusterCondition> Preconditions => [];

    public async Task ExecuteAsync(ClusterContext context, CancellationToken ct)
    {
        var manager = ScyllaManager.Of(context);
        var repairs = (await manager.TasksAsync("repair", ct)).Concat(await manager.TasksAsync("tablet_repair", ct))
            .Where(t => !ManagerMark.IsMark(t)).ToArray();
        foreach (var line in Lines(repairs))
        {
            context.Log.Print(line);
        }
    }

    internal static IEnumerable<string> Lines(IReadOnlyCollection<ManagedTask> repairs)
    {
        var width = repairs.Count == 0 ? 0 : repairs.Max(t => t.Status.Length);
        return repairs.Count == 0
            ? ["no repairs"]
            : repairs.Select(t =>
                $"{t.Type}/{t.Id}: {t.Status.PadRight(width)} (keyspaces: {(t.Keyspaces.IsEmpty ? DefaultKeyspaces : string.Join(", ", t.Keyspaces))}; schedule: {t.Schedule})");
    }
}
