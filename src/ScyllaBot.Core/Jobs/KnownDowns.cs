using ScyllaBot.Core.Clusters;

namespace ScyllaBot.Core.Jobs;

/// <summary>R23: nodes that are down by agreement. They count as down everywhere; when one comes back, what was approved is no longer what is there.</summary>
internal static class KnownDowns
{
    /// <returns>The nodes that are meant, or everything that is wrong.</returns>
    public static (ImmutableArray<KnownDownNode> Nodes, ImmutableArray<string> Errors) Of(Cluster cluster, ImmutableArray<string> entries)
    {
        var nodes = ImmutableArray.CreateBuilder<KnownDownNode>();
        var errors = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in entries.Distinct(StringComparer.Ordinal))
        {
            var node = cluster.Find(entry) ?? (Guid.TryParse(entry, out var id) && id != Guid.Empty ? cluster.Nodes.FirstOrDefault(n => n.HostId == id) : null);
            if (node is null)
            {
                errors.Add($"known_down: no node {entry} in {cluster.Name}. {Hint.Of(entry, cluster.Nodes.Select(n => n.Name))}");
            }
            else if (nodes.All(n => n.Name != node.Name))
            {
                nodes.Add(new KnownDownNode(node.Name, node.HostId));
            }
        }

        return ([.. nodes.OrderBy(n => n.Name, NaturalOrder.Instance)], errors.ToImmutable());
    }

    /// <summary>What the plan refuses: a node that is up is no known-down one, and one that is to be worked on is none either.</summary>
    public static ImmutableArray<string> WhyNot(ImmutableArray<KnownDownNode> known, ClusterSnapshot snapshot, IEnumerable<string> targets, bool changesMembership)
    {
        var worked = targets.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. known.Where(k => IsBack(k.Name, snapshot)).Select(k => $"{k.Name} is named known_down, but it is up: leave it out of known_down."),
            .. known.Where(k => !changesMembership && worked.Contains(k.Name)).Select(k => $"{k.Name} is named known_down and is a target too: except it from the targets."),
        ];
    }

    /// <summary>One trouble for each that has come back: the job holds until it is down again, or is aborted and planned anew.</summary>
    public static IEnumerable<ViewTrouble> Back(Job job, ClusterSnapshot snapshot) => job.KnownDown().Where(n => IsBack(n, snapshot))
        .Select(n => new ViewTrouble(n, $"{n} is back, though this job was approved with it known to be down (R23): end the job and plan anew, or take the node down again"));

    private static bool IsBack(string name, ClusterSnapshot snapshot) => snapshot.Cluster.Find(name) is { } node
        && (snapshot.Of(node).Serves || snapshot.Witnesses.Any(v => v.Node.Name != name && v.Sees(node)));
}
