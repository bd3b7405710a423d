namespace ScyllaBot.Core.Clusters;

/// <summary>What is refused whatever the replica sets say: facts that prove nothing, and the limits of a degraded proof (R25).</summary>
internal sealed class ProofLimits
{
    private readonly Availability _availability;

    /// <param name="availability">Whose.</param>
    /// <param name="trouble">What was found wrong with its facts; null = nothing.</param>
    public ProofLimits(Availability availability, string? trouble) => (_availability, Always) = (availability, trouble ?? WhyTabletsNot(availability));

    /// <summary>Why nothing may go at all.</summary>
    public string? Always { get; }

    private Cluster Cluster => _availability.Cluster;

    public string? WhyNot(IReadOnlyCollection<string> down) =>
        Always ?? (down.FirstOrDefault(n => !_availability.Numbers.ContainsKey(n)) is { } stranger ? Stranger(stranger) : null)
            ?? (_availability.IsDegraded ? WhyDegradedNot(down) : null);

    public string Stranger(string name) => $"{name} is not in the inventory of {Cluster.Name}";

    /// <summary>Only the limits of a degraded proof: one node at a time, and of two racks never a whole one.</summary>
    public string? WhyDegradedNot(IReadOnlyCollection<string> down)
    {
        if (down.Count > 1)
        {
            return $"degraded proof (no CQL facts): one node at a time, but {string.Join(", ", down)} would be down together (R25)";
        }

        foreach (var zone in down.Select(n => Cluster.Nodes[_availability.Numbers[n]].Zone))
        {
            var isWhole = Cluster.Members.Where(n => n.Zone == zone).All(n => down.Contains(n.Name, StringComparer.Ordinal));
            var racks = Cluster.Members.Where(n => n.Zone.Datacenter == zone.Datacenter).Select(n => n.Zone).Distinct().Count();
            if (isWhole && (racks == 2 || _availability.Datacenters.Length == 2))
            {
                return $"degraded proof (no CQL facts): all of {zone} would be down, and of only two {(racks == 2 ? "racks" : "datacenters")} either may hold the majority of raft's voters (R25)";
            }
        }

        return null;
    }

    private static string? WhyTabletsNot(Availability availability) =>
        availability.IsDegraded && availability.Facts.Balancing != TabletBalancing.OffAndQuiet && availability.Judged.FirstOrDefault(r => r.Table is not null) is { } tablets
            ? $"degraded proof (no CQL facts): {tablets.Keyspace} has tablets, which may move unless balancing is off and the topology quiet, "
                + $"and balancing is {(availability.Facts.Balancing == TabletBalancing.On ? "on" : "not known to be off")} (R25)"
            : null;
}
