using System.Collections.Immutable;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Control;

namespace ScyllaBot.Doctor;

/// <summary>Runs all checks: the bot's own, and those of every cluster, side by side and bounded. It only looks.</summary>
internal static class BotDoctor
{
    private const int NodesAtOnce = 16;
    private static readonly TimeSpan BotLimit = TimeSpan.FromSeconds(90);

    private static readonly IBotCheck[] BotChecks =
    [
        new SettingsCheck(), new StateCheck(), new HaltFileCheck(), new WorkflowsCheck(), new OutwardCheck(), new InventoryCheck(), new DiscordCheck(),
    ];

    /// <param name="case">What is looked at.</param>
    /// <param name="cluster">Only this one, and the bot's own matters; null = all.</param>
    /// <param name="progress">Nodes done, and all of them; called from any thread.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<DoctorReport> RunAsync(DoctorCase @case, string? cluster, Action<int, int> progress, CancellationToken ct)
    {
        var clusters = (@case.Inventory?.Clusters ?? []).Where(c => cluster is null || c.Name == cluster).ToImmutableArray();
        var (done, all) = (0, clusters.Sum(c => c.Nodes.Length));
        using var places = new SemaphoreSlim(NodesAtOnce);
        var round = new ClusterRound(@case, places, () => progress(Interlocked.Increment(ref done), all));
        var own = BotChecks.Select(c => CheckTime.WithinAsync(c.Id, BotLimit, limited => c.LookAsync(@case, limited), ct)).ToList();
        var rounds = clusters.Select(c => round.LookAsync(c, ct)).ToList();
        var found = (await Task.WhenAll([.. own, .. rounds])).SelectMany(f => f);
        return new DoctorReport([.. found, .. Unknown(@case.Inventory, cluster)]);
    }

    private static IEnumerable<DoctorFinding> Unknown(Inventory? inventory, string? cluster) => cluster is null || inventory is null || inventory.Find(cluster) is not null
        ? [] : [DoctorFinding.Broken("inventory", $"there is no cluster {cluster}", $"it knows {string.Join(", ", inventory.Clusters.Select(c => c.Name))}")];
}
