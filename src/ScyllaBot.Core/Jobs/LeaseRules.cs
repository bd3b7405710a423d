namespace ScyllaBot.Core.Jobs;

/// <summary>Which leases may be held together (R18), judged in the transaction that would take one, so that of two takers one wins.</summary>
internal static class LeaseRules
{
    /// <summary>Where an event moves a lease; null for all others.</summary>
    public static (string Cluster, long Epoch)? PlaceOf(JobEvent e) => e switch
    {
        LeaseTaken x => (x.Cluster, x.Epoch),
        LeaseReleased x => (x.Cluster, x.Epoch),
        Unlocked x => (x.Cluster, x.Epoch),
        _ => null,
    };

    /// <summary>A human moved it on (R13): free, at a higher epoch than anybody was met with.</summary>
    public static Lease? Raised(ImmutableArray<JournalEvent> events, IStoredFacts facts) =>
        events.OfType<FootprintsAcknowledged>().LastOrDefault() is { } said && (facts.Lease(said.Cluster)?.Epoch ?? 0) < said.Epoch ? Raised(said) : null;

    public static Lease Raised(FootprintsAcknowledged said) => new(said.Cluster, said.Epoch, null, said.At);

    /// <returns>Null unless a job holds what is to be moved on.</returns>
    public static AppendOutcome.Conflict? WhyNotRaised(ImmutableArray<JournalEvent> events, IStoredFacts facts) =>
        events.OfType<FootprintsAcknowledged>().Select(said => facts.Lease(said.Cluster)).FirstOrDefault(l => l?.Job is not null) is { Job: { } holder } lease
            ? new AppendOutcome.Conflict($"job {holder} holds {lease.Cluster}", holder) : null;

    public static string? ClusterOf(JobEvent e) => PlaceOf(e)?.Cluster;

    public static Lease Held(LeaseTaken taken, JobId job) => new(taken.Cluster, taken.Epoch, job, taken.At) { Class = taken.Class, Group = taken.Group };

    /// <param name="taken">What is to be written.</param>
    /// <param name="held">All that are held, this cluster's too.</param>
    /// <returns>Null: it may be taken.</returns>
    public static AppendOutcome.Conflict? WhyNot(LeaseTaken taken, IEnumerable<Lease> held)
    {
        if (taken.Class is null or LeaseClass.Background)
        {
            return null;
        }

        var others = held.Where(l => l.IsDisruptive && !string.Equals(l.Cluster, taken.Cluster, StringComparison.Ordinal)).ToArray();
        if (others.FirstOrDefault(l => taken.Group is { } group && string.Equals(l.Group, group, StringComparison.Ordinal)) is { Job: { } rival } theirs)
        {
            return new AppendOutcome.Conflict(
                $"job {rival} is disrupting {theirs.Cluster}, which is in the exclusive group {taken.Group} together with {taken.Cluster}", rival);
        }

        return taken.Cap is { } cap && others.Length >= cap ? new AppendOutcome.Conflict(
            $"{others.Length} of at most {cap} clusters are being disrupted: {string.Join(", ", others.Select(l => $"{l.Cluster} by job {l.Job}"))}", others[0].Job) : null;
    }
}
