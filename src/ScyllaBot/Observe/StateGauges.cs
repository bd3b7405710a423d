using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Jobs;

namespace ScyllaBot.Observe;

/// <summary>Jobs, what they hold and what is owed.</summary>
internal sealed class StateGauges(OpenJobs jobs, IJobStore store, JobEngine engine, Fleet fleet, InventoryBook inventory, TimeProvider time) : IGauges
{
    private const string NoMode = "none";
    private const int MostDebts = 10_000;

    public async Task WriteAsync(Exposition page, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var clusters = inventory.Current;
        var modes = Enum.GetValues<ClusterMode>();
        page.Add(Families.Clusters, modes.Select(m => new Sample(clusters.Clusters.Count(c => c.Mode == m), Word(m))));
        page.Add(Families.FleetHalted, fleet.IsHalted ? 1 : 0);
        page.Add(Families.JobsStuck, engine.StuckCount);

        var open = await jobs.ReadAsync(ct);
        var found = open.GroupBy(j => (State: Word(j.Summary.State), Mode: clusters.Find(j.Summary.Cluster) is { } cluster ? Word(cluster.Mode) : NoMode))
            .ToDictionary(g => g.Key, g => g.Count());
        var all = Enum.GetValues<JobState>().Where(s => s != JobState.Ended).SelectMany(s => modes.Select(m => (State: Word(s), Mode: Word(m))));
        page.Add(Families.Jobs, all.Union(found.Keys).Select(k => new Sample(found.GetValueOrDefault(k), k.State, k.Mode)));

        var folds = open.Select(j => j.Job).OfType<Job>().ToArray();
        var halted = folds.Where(j => j.State == JobState.Halted).ToArray();
        page.Add(Families.HaltsUnseen, halted.Count(j => !j.HaltIsAcknowledged));
        page.Add(Families.HaltedHolding, halted.Count(j => !j.IsAtSafePoint));
        page.Add(Families.Approvals, folds.Sum(j => j.Approvals.Values.Count(a => a.IsOpen)));
        page.Add(Families.HeldNodes, open.Sum(j => j.Summary.Held));
        page.Add(Families.LongestHold, folds.SelectMany(j => j.Held.Values).Select(h => (now - h.Since).TotalSeconds).Append(0).Max());

        var debts = await store.DebtsAsync(new DebtFilter(Limit: MostDebts), ct);
        page.Add(Families.DebtsOpen, debts.Length);
        page.Add(Families.DebtsOverdue, debts.Count(d => d.IsOverdue(now)));
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
