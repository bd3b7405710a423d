using ScyllaBot.Core.Clients;
using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Scylla.Conditions;
using ScyllaBot.Core.Scylla.Topology;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Scylla.Tasks;

/// <summary>
/// Makes sure that nobody who stays has only leaving nodes as seeds: such a node could not be started again, or would begin a cluster of its
/// own (facts 4.8, 7.18). It only reads.
/// </summary>
[Tag("check-seeds", "Check that other seeds remain", Direction.Neutral, Risk.None, Interruptible.Yes)]
[Example("")]
public sealed record CheckSeeds : INodeTask
{
    public IReadOnlyList<INodeCondition> Preconditions => [];

    public async Task ExecuteAsync(NodeContext context, CancellationToken ct)
    {
        var snapshot = await context.Watch.ReadAsync(ClusterNormal.Freshness, ct);
        var leaving = context.MayBeOut.Append(context.Node.Name).ToImmutableSortedSet(StringComparer.Ordinal);
        var stay = snapshot.Cluster.Members.Where(n => !leaving.Contains(n.Name)).ToArray();
        foreach (var node in stay)
        {
            var yaml = await NewNode.YamlAsync(context with { Node = node }, ct)
                ?? throw new RecoverableException($"{node.Name} has no {ScyllaYaml.Path}");
            var seeds = NewNode.SeedsOf(yaml);
            if (!seeds.Any(seed => stay.Any(n => Means(seed, n)) || IsUnknown(seed, snapshot.Cluster)))
            {
                throw new UnrecoverableException(
                    $"{node.Name} names {(seeds.IsEmpty ? "no seeds" : string.Join(", ", seeds.Take(5)))} in {ScyllaYaml.Path}, and none of these stays: give it other seeds first (facts 7.18)");
            }
        }

        context.Log.Write($"Each of the {stay.Length} nodes that stay has a seed that stays");
    }

    private static bool Means(string seed, Node node) => seed == node.Address || seed == node.Name;

    /// <summary>A name of the network's that may stand for anybody: not ours to judge.</summary>
    private static bool IsUnknown(string seed, Cluster cluster) =>
        !System.Net.IPAddress.TryParse(seed, out _) && cluster.Find(seed) is null;
}
