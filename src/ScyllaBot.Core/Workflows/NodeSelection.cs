using ScyllaBot.Core.Clusters;
using ScyllaBot.Core.Tasks;

namespace ScyllaBot.Core.Workflows;

/// <summary>What <c>nodes:</c> of a node workflow may say.</summary>
internal static class NodeSelection
{
    /// <summary>What the job was asked for.</summary>
    public const string Targets = "targets";

    /// <summary>Everybody who is in the ring when the step begins.</summary>
    public const string Ring = "ring";

    /// <summary>The same without what the job was asked for: who stays while others come or go.</summary>
    public const string RingExceptTargets = "ring_except_targets";

    private static readonly ImmutableArray<string> Words = [Targets, Ring, RingExceptTargets];

    /// <summary>It is known only when the step begins.</summary>
    public static bool AsksTheRing(IReadOnlyList<string> nodes) => nodes is [Ring or RingExceptTargets];

    public static bool IsTargets(IReadOnlyList<string> nodes) => nodes is [Targets];

    /// <param name="nodes">As written, variables resolved.</param>
    /// <param name="cluster">Null: names are not checked.</param>
    /// <returns>What is wrong with it and what was probably meant; null when nothing is.</returns>
    public static (string Why, string? Suggestion)? WhyNot(IReadOnlyList<string> nodes, Cluster? cluster)
    {
        if (nodes.Count > 1 && nodes.FirstOrDefault(n => Words.Contains(n, StringComparer.Ordinal)) is { } word)
        {
            return ($"`nodes: {word}` stands alone, not among names", null);
        }

        if (nodes is [var only] && Words.Contains(only, StringComparer.Ordinal))
        {
            return null;
        }

        if (nodes.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            return ($"`nodes` names {twice.Key} twice", null);
        }

        return cluster is not null && nodes.FirstOrDefault(n => cluster.Find(n) is null) is { } unknown
            ? ($"`nodes`: {unknown} is not a node of {cluster.Name}, nor one of {string.Join(", ", Words)}", Nearest.To(unknown, [.. Words, .. cluster.Nodes.Select(n => n.Name)]))
            : null;
    }
}
