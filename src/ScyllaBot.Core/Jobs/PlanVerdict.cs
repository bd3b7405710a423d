using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>The availability verdict in words: what was judged, how many may go at once, what it rests on, and what was left out.</summary>
internal static class PlanVerdict
{
    public static ImmutableArray<string> Of(
        Cluster cluster, Availability? availability, ClusterSnapshot snapshot, ImmutableArray<PlanWave> waves, ImmutableArray<PlanStep> steps,
        ImmutableSortedSet<string> known)
    {
        if (!steps.Any(s => s.Direction == Tasks.Direction.TakesDown || s.NeedsTwo))
        {
            return ["No step takes a node down."];
        }

        if (availability is null)
        {
            return ["There is no ring yet: nothing can be lost."];
        }

        var down = snapshot.DownInAnyView().Union(known);
        return
        [
            .. known.IsEmpty ? Array.Empty<string>() : [$"Known down, counted as down everywhere (R23): {string.Join(", ", known)}"],
            .. waves.Select(w => OfWave(w with { Label = w.Name, Nodes = InRing(cluster, w.Nodes) }, w.Nodes.Length, availability, down)).Distinct(StringComparer.Ordinal),
            .. Policy(cluster),
            Proof(availability),
            .. cluster.Exemptions.Select(e => OfExemption(e, availability.Facts.At)),
        ];
    }

    /// <returns>Null when each node of each wave may go now; otherwise the first that may not, with the reason.</returns>
    public static string? WhyNotPassed(Availability? availability, ClusterSnapshot snapshot, ImmutableArray<PlanWave> waves, ImmutableSortedSet<string> known)
    {
        if (availability is null)
        {
            return null;
        }

        var trial = availability.Try(snapshot.DownInAnyView().Union(known));
        return InRing(snapshot.Cluster, waves.SelectMany(w => w.Nodes)).Select(n => trial.WhyNotAnother(n) is { } why ? $"{n}: {why.Sentence}" : null).FirstOrDefault(why => why is not null);
    }

    /// <summary>Which levels are judged where: what the clients are promised.</summary>
    public static IEnumerable<string> Policy(Cluster cluster)
    {
        yield return $"Levels judged: {Levels(cluster.Policy.Levels)}{string.Concat(cluster.Policy.Overrides.Select(o => $"; {o.Key}: {Levels(o.Value)}"))}";
        if (!cluster.Policy.NotServing.IsEmpty)
        {
            yield return $"Without clients: {string.Join(", ", cluster.Policy.NotServing)}; local levels are not judged there";
        }
    }

    private static string OfWave(PlanWave wave, int all, Availability availability, ImmutableSortedSet<string> down)
    {
        if (wave.Nodes.IsEmpty)
        {
            return $"{wave.Label}: {all} not in the ring yet: no range lies there, so none can be lost";
        }

        var trial = availability.Try(down);
        foreach (var node in wave.Nodes)
        {
            if (trial.WhyNotAnother(node) is { } why)
            {
                return $"{wave.Label}: not safe now: {node}: {why.Sentence}";
            }
        }

        var wanted = Math.Min(wave.Limit, wave.Nodes.Length);
        var together = availability.LargestSafe(wave.Nodes, down).Nodes.Length;
        return wanted <= together
            ? $"{wave.Label}: safe, {wanted} of {wave.Nodes.Length} at once; every range keeps its quorum"
            : $"{wave.Label}: safe, {together} of {wave.Nodes.Length} at once, not the {wanted} allowed: {availability.WhyNot(down.Union(wave.Nodes))}";
    }

    /// <summary>A node that is not in the ring yet has no range.</summary>
    private static ImmutableArray<string> InRing(Cluster cluster, IEnumerable<string> nodes) => [.. nodes.Where(n => cluster.Find(n)?.IsInRing == true)];

    private static string Proof(Availability availability) => $"Proof: {availability.RangeCount} ranges and tablets; " + (availability.IsDegraded
        ? $"degraded proof ({WhyDegraded(availability)}): one node at a time, and a read barrier after each (R25)"
        : "replication and raft voters read over CQL");

    private static string WhyDegraded(Availability availability) => availability.Facts.WhyNoCql is { } why ? $"no CQL facts: {why}"
        : availability.Facts.Voters is not { Count: > 0 } ? "no raft voter is known" : "a replication factor is not known";

    private static string OfExemption(Exemption e, DateTimeOffset now) =>
        $"{(e.Until <= now ? "No longer exempt" : "Exempt")}: {e.Keyspace} ({e.Reason}, by {e.By}{(e.Until is { } until ? $", until {until:yyyy-MM-dd}" : "")})";

    private static string Levels(ImmutableArray<ConsistencyLevel> levels) => string.Join(", ", levels.Select(l => l.Cql()));
}
