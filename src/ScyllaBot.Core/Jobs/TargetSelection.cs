using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>Which nodes a request means; every mistake at once.</summary>
internal static class TargetSelection
{
    /// <summary>The target without what is excepted. What an earlier job left over narrows it further: <see cref="JobShares"/>.</summary>
    public static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) Of(Cluster cluster, Target target, ImmutableArray<string> except)
    {
        var (nodes, errors) = Of(cluster, target);
        if (except.IsDefaultOrEmpty)
        {
            return (nodes, errors);
        }

        var (left, wrong) = Except(cluster, except);
        ImmutableArray<Node> rest = [.. nodes.Where(n => !left.Contains(n.Name))];
        return (rest, nodes.Length > 0 && rest.IsEmpty && wrong.IsEmpty ? [.. errors, "Every node is excepted: nothing is left to do."] : [.. errors, .. wrong]);
    }

    public static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) Of(Cluster cluster, Target target) => target switch
    {
        Target.All => (cluster.Nodes, []),
        Target.InZone zone => InZone(cluster, zone.Zone),
        Target.InDatacenter datacenter => InDatacenter(cluster, datacenter.Datacenter),
        Target.Named named => Named(cluster, named.Nodes),
        Target.Union union => Union(cluster, union.Parts),
        _ => throw new InvalidOperationException($"unknown target {target}"),
    };

    private static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) Union(Cluster cluster, ImmutableArray<Target> parts)
    {
        var all = parts.Select(p => Of(cluster, p)).ToArray();
        var names = all.SelectMany(a => a.Nodes).Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        return ([.. cluster.Nodes.Where(n => names.Contains(n.Name))], [.. all.SelectMany(a => a.Errors)]);
    }

    private static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) InZone(Cluster cluster, string name)
    {
        var zones = Zones(cluster);
        var hits = ZonesNamed(zones, name);
        return hits.Length switch
        {
            1 => ([.. cluster.Nodes.Where(n => n.Zone == hits[0])], []),
            0 => ([], [$"No zone {Hint.Cut(name)} in {cluster.Name}. {Hint.Of(name, zones.Select(z => z.ToString()).Concat(zones.Select(z => z.Rack)).Distinct(StringComparer.Ordinal))}"]),
            _ => ([], [$"Zone {name} is in several datacenters: say {string.Join(" or ", hits)} (R24)."]),
        };
    }

    private static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) InDatacenter(Cluster cluster, string name)
    {
        ImmutableArray<Node> nodes = [.. cluster.Nodes.Where(n => string.Equals(n.Zone.Datacenter, name, StringComparison.Ordinal))];
        return nodes.IsEmpty
            ? ([], [$"No datacenter {Hint.Cut(name)} in {cluster.Name}. {Hint.Of(name, cluster.Nodes.Select(n => n.Zone.Datacenter).Distinct(StringComparer.Ordinal))}"])
            : (nodes, []);
    }

    private static (ImmutableArray<Node> Nodes, ImmutableArray<string> Errors) Named(Cluster cluster, ImmutableArray<string> names)
    {
        if (names.IsDefaultOrEmpty)
        {
            return ([], ["No node was named."]);
        }

        var lost = names.Distinct(StringComparer.Ordinal).Where(name => !cluster.Nodes.Any(n => Glob.IsMatch(name, n.Name))).ToArray();
        return ([.. cluster.Nodes.Where(n => names.Any(name => Glob.IsMatch(name, n.Name)))], [.. lost.Select(name => Lost(cluster, name))]);
    }

    private static string Lost(Cluster cluster, string name) => Glob.IsPattern(name)
        ? $"No node of {cluster.Name} is like {Hint.Cut(name)}. {Hint.Of(name.Trim('*', '?'), cluster.Nodes.Select(n => n.Name))}"
        : $"No node {Hint.Cut(name)} in {cluster.Name}. {Hint.Of(name, cluster.Nodes.Select(n => n.Name))}";

    /// <summary>Each entry is a node, a pattern of nodes, or a zone: whatever it is that matches nothing is a mistake, not a wish that came true.</summary>
    private static (ImmutableSortedSet<string> Names, ImmutableArray<string> Errors) Except(Cluster cluster, ImmutableArray<string> entries)
    {
        var names = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var errors = ImmutableArray.CreateBuilder<string>();
        var zones = Zones(cluster);
        foreach (var entry in entries)
        {
            var nodes = cluster.Nodes.Where(n => Glob.IsMatch(entry, n.Name)).ToArray();
            var inZones = ZonesNamed(zones, entry);
            if (nodes.Length == 0 && inZones.Length > 1)
            {
                errors.Add($"Zone {entry} is in several datacenters: say {string.Join(" or ", inZones)} (R24).");
            }
            else if (nodes.Length == 0 && inZones.Length == 0)
            {
                errors.Add($"Nothing in {cluster.Name} is called {entry}, so it can not be excepted. "
                    + Hint.Of(entry.Trim('*', '?'), cluster.Nodes.Select(n => n.Name).Concat(zones.Select(z => z.ToString()))));
            }

            names.UnionWith(nodes.Length > 0 ? nodes.Select(n => n.Name) : cluster.Nodes.Where(n => inZones.Contains(n.Zone)).Select(n => n.Name));
        }

        return (names.ToImmutable(), errors.ToImmutable());
    }

    private static Zone[] Zones(Cluster cluster) => [.. cluster.Nodes.Select(n => n.Zone).Distinct().Order()];

    private static Zone[] ZonesNamed(Zone[] zones, string name) =>
        [.. zones.Where(z => string.Equals(z.ToString(), name, StringComparison.Ordinal) || string.Equals(z.Rack, name, StringComparison.Ordinal))];
}
