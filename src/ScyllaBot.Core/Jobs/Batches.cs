using System.Globalization;
using ScyllaBot.Core.Scylla.Tasks;

namespace ScyllaBot.Core.Jobs;

/// <summary>How a rollout is cut into batches. Pure.</summary>
/// <param name="Sizes">As the workflow says: a number, or a share with a percent sign; the last repeats.</param>
internal sealed record Batches(ImmutableArray<string> Sizes, BatchBy By)
{
    /// <returns>Null: it is not cut.</returns>
    public static Batches? Of(NodeWorkflow workflow) => workflow.Batches is { Count: > 0 } sizes ? new Batches([.. sizes], workflow.BatchBy) : null;

    /// <param name="units">What may not be at work together, in the order in which they are taken, each with its nodes in order.</param>
    public ImmutableArray<ImmutableArray<TargetNode>> Cut(IReadOnlyList<(string Datacenter, ImmutableArray<TargetNode> Nodes)> units)
    {
        var left = new Queue<TargetNode>(By == BatchBy.Order ? units.SelectMany(u => u.Nodes) : AcrossZones(units));
        var (all, batches) = (left.Count, ImmutableArray.CreateBuilder<ImmutableArray<TargetNode>>());
        while (left.Count > 0)
        {
            var size = Math.Min(left.Count, SizeOf(Sizes[Math.Min(batches.Count, Sizes.Length - 1)], all));
            batches.Add([.. Enumerable.Range(0, size).Select(_ => left.Dequeue())]);
        }

        return batches.ToImmutable();
    }

    private static int SizeOf(string size, int all) => size.EndsWith('%')
        ? Math.Max(1, (int)Math.Ceiling(all * int.Parse(size.AsSpan(0, size.Length - 1), CultureInfo.InvariantCulture) / 100.0))
        : int.Parse(size, CultureInfo.InvariantCulture);

    /// <summary>One node of each zone in turn; one datacenter is finished before the next all the same (R24).</summary>
    private static IEnumerable<TargetNode> AcrossZones(IReadOnlyList<(string Datacenter, ImmutableArray<TargetNode> Nodes)> units) => units
        .GroupBy(u => u.Datacenter, StringComparer.Ordinal)
        .SelectMany(dc => Enumerable.Range(0, dc.Max(u => u.Nodes.Length)).SelectMany(i => dc.Where(u => i < u.Nodes.Length).Select(u => u.Nodes[i])));
}
