using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

public sealed partial record Job
{
    /// <summary>Nodes that this job brought into the ring, with what the ring calls them.</summary>
    public ImmutableSortedDictionary<string, Guid> Joined { get; init; } = ImmutableSortedDictionary<string, Guid>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>What this job knows the node by: as it joined, as it was when the plan was made, or as the inventory says; empty: nobody has one for it.</summary>
    public Guid IdentityOf(Node node) => Joined.TryGetValue(node.Name, out var joined) ? joined
        : Birth.Targets.FirstOrDefault(t => t.Name == node.Name) is { } target ? target.HostId
        : node.IsInRing ? node.HostId : Guid.TryParse(Birth.Identities?.GetValueOrDefault(node.Name), out var found) ? found : Guid.Empty;

    /// <summary>A step of it has begun here, so that what becomes of it is this job's doing.</summary>
    public bool HasTouched(string node) => Steps.Keys.Any(k => k.Node == node);

    /// <summary>It was in no ring when the plan was made, or has joined since: while it is held it joins, and serves nobody who could miss it.</summary>
    public bool BringsIn(string node) => Joined.ContainsKey(node) || Birth.Targets.Any(t => t.Name == node && t.HostId == Guid.Empty);

    /// <summary>The inventory says something else of a target than this job knows of it (R27); null when it does not.</summary>
    public string? WhyNotIn(Cluster inventory)
    {
        foreach (var target in Birth.Targets)
        {
            var said = inventory.Find(target.Name)?.HostId;
            if (said is null || (said != Guid.Empty && said != target.HostId && said != Joined.GetValueOrDefault(target.Name)))
            {
                return $"{target.Name} ({(target.HostId == Guid.Empty ? "not in the ring when the plan was made" : target.HostId)}) is no longer in the inventory of {inventory.Name} (R27)";
            }
        }

        return null;
    }
}
