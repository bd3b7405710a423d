using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>Zones that are treated as one, because nodes of theirs share a failure domain; most often one zone alone.</summary>
internal sealed record FailureUnit(string Datacenter, ImmutableArray<Zone> Zones, ImmutableArray<TargetNode> Nodes)
{
    /// <summary>Zone after zone, each in the order of its names.</summary>
    public IEnumerable<TargetNode> InOrder(Func<Zone, int> rank) =>
        Nodes.OrderBy(n => rank(n.Zone)).ThenBy(n => n.Zone).ThenBy(n => n.Name, NaturalOrder.Instance);

    public PlanWave Wave(Func<Zone, int> rank, int limit)
    {
        var nodes = InOrder(rank).ToArray();
        return new PlanWave(nodes[0].Zone, [.. nodes.Select(n => n.Name)], limit) { Label = string.Join(" + ", Zones) };
    }
}

/// <summary>R24: a failure domain makes the unit coarser, never finer. Datacenters stay apart: one is finished before the next whatever they share.</summary>
internal static class FailureDomains
{
    public static ImmutableArray<FailureUnit> Of(IEnumerable<TargetNode> targets)
    {
        var zones = targets.GroupBy(t => t.Zone).OrderBy(g => g.Key).Select(g => new FailureUnit(g.Key.Datacenter, [g.Key], [.. g])).ToList();
        for (var i = 0; i < zones.Count; i++)
        {
            // What joins may bring domains along that join more.
            while (zones.FindIndex(i + 1, other => Share(zones[i], other)) is var j and > 0)
            {
                zones[i] = new FailureUnit(zones[i].Datacenter, zones[i].Zones.AddRange(zones[j].Zones), zones[i].Nodes.AddRange(zones[j].Nodes));
                zones.RemoveAt(j);
            }
        }

        return [.. zones];
    }

    private static bool Share(FailureUnit a, FailureUnit b) => string.Equals(a.Datacenter, b.Datacenter, StringComparison.Ordinal)
        && a.Nodes.Any(n => n.FailureDomain is { } domain && b.Nodes.Any(m => string.Equals(m.FailureDomain, domain, StringComparison.Ordinal)));
}
